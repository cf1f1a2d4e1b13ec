// `npm run test:upgrade -- --from <commit, tag or branch>`: a rack of that version becomes one of this while it builds. The
// other version is taken out of git into a temporary folder, and installed and built there.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from './set-up/main.mjs';
import { ROOT } from './set-up/stamp.mjs';

const { values } = parseArgs({ options: { from: { type: 'string' } } });
if (values.from === undefined) {
  process.stderr.write('Cannot test an upgrade: say from which version, e.g. npm run test:upgrade -- --from v1.0.0\n');
  process.exit(2);
}

function run(command, args, { cwd = ROOT, env = process.env } = {}) {
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

const folder = mkdtempSync(join(tmpdir(), 'previous-'));
try {
  run('git', ['worktree', 'add', '--detach', folder, values.from]);
  run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  run('npx', ['tsc', '-b', 'tests/faults'], { cwd: folder });
  await setUp({ isForTests: true });
  run('npx', ['ava', '--timeout', '1h', 'dist/faults.integration.test.js'], {
    cwd: join(ROOT, 'tests/faults'),
    env: { ...process.env, FAULT_ROWS: '56,56a', FAULT_PREVIOUS: folder },
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  spawnSync('git', ['worktree', 'prune'], { cwd: ROOT });
}
