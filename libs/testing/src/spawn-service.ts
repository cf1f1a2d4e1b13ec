import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs for a test and dies with it. */
export interface Service {
  readonly pid: number;
  /** Sends a signal, e.g. to freeze it. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Ends it and waits for that. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** What it has written so far. */
  readonly output: () => string;
}

/** How a service is run. */
export interface SpawnOptions {
  readonly cwd?: string;
  /** The user to run as; default the one who runs the test. */
  readonly uid?: number;
}

const MAX_OUTPUT = 64 * 1024;

/** Starts a program that is killed when this process ends, however it ends. */
export async function spawnService(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Service> {
  const { cwd, uid } = options;
  const user = uid === undefined ? [] : ['--reuid', String(uid), '--clear-groups'];
  const child = spawn('setpriv', [...user, '--pdeathsig', 'KILL', '--', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT);
    });
  }
  const exited = once(child, 'exit');
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
    },
  };
}
