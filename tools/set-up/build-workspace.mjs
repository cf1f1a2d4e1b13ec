import { run } from './run.mjs';
import { ROOT } from './stamp.mjs';

/** Compiles what has changed since the last time. */
export function buildWorkspace() {
  const output = run('npx', ['nx', 'run-many', '-t', 'build', '--output-style=stream'], {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  return /existing outputs match the cache|\[local cache\]/.test(output) ? undefined : 'compiled';
}
