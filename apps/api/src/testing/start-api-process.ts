import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** An api as a process of its own, as in production. */
export interface ApiProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** Starts `main.js` with this environment and nothing else. */
export function startApiProcess(environment: Readonly<Record<string, string>>): ApiProcess {
  const child = fork(MAIN, { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
  }
  return { child, output: () => output };
}

/** Waits until it listens, and tells where. */
export async function waitForApiProcess({ child }: ApiProcess): Promise<number> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return port;
}
