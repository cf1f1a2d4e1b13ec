import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs for a test and dies with it. */
export interface Service {
  readonly pid: number;
  /** Sends a signal, e.g. to freeze it. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Ends it and waits for that. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** The end of what it has written so far. */
  readonly output: () => string;
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<ServiceExit>;
}

/** How a service ended. */
export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a service is run. */
export interface SpawnOptions {
  readonly cwd?: string;
  /** The user to run as; default the one who runs the test. */
  readonly uid?: number;
  /** Its whole environment; default ours. Secrets belong here and not into `args`, which everybody can list. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAX_OUTPUT = 64 * 1024;

/** Starts a program that is killed when this process ends, however it ends. */
export async function spawnService(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Service> {
  const { cwd, uid, env } = options;
  const user = uid === undefined ? [] : ['--reuid', String(uid), '--clear-groups'];
  const child = spawn('setpriv', [...user, '--pdeathsig', 'KILL', '--', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-MAX_OUTPUT);
    });
  }
  const exited = new Promise<ServiceExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    signal: (signal) => void child.kill(signal),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
    },
  };
}
