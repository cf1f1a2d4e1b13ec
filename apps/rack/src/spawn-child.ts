import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A program that the rack runs. */
export interface ChildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it is one of our own: then it has a channel, and ends when that does. */
  readonly isOurs: boolean;
  /** Where its output goes; default where ours goes. */
  readonly logFile?: string;
}

/** How a child ended, or why it could not be started. */
export type ChildEnd =
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly err: Error };

/** A child that was started, or was to be. */
export interface SpawnedChild {
  /** `undefined` when it could not be started. */
  readonly child: ChildProcess | undefined;
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
}

/** A foreign program knows nothing of us: the kernel kills it when we die. */
function commandLine({ command, args, isOurs }: ChildCommand): [string, readonly string[]] {
  return isOurs ? [command, args] : ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]];
}

function spawnInto(output: number | 'inherit', options: ChildCommand): ChildProcess {
  const [command, args] = commandLine(options);
  return spawn(command, args, {
    env: { ...options.environment },
    stdio: ['ignore', output, output, ...(options.isOurs ? (['ipc'] as const) : [])],
    // Ctrl-C in a terminal is for the rack: it stops its children one after the other.
    detached: true,
  });
}

function spawnLogged(options: ChildCommand): ChildProcess {
  if (options.logFile === undefined) return spawnInto('inherit', options);
  const output = openSync(options.logFile, 'a', 0o600);
  try {
    return spawnInto(output, options);
  } finally {
    closeSync(output);
  }
}

function waitForEnd(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    // Of one that runs it is no end.
    child.on('error', (err) => {
      if (child.pid === undefined) resolve({ err });
    });
  });
}

/** Starts a child. That it cannot be is an end like others, whether Node throws it (`ENOMEM`) or tells it (`EAGAIN`). */
export function spawnChild(options: ChildCommand): SpawnedChild {
  try {
    const child = spawnLogged(options);
    return { child, ended: waitForEnd(child) };
  } catch (error) {
    return {
      child: undefined,
      ended: Promise.resolve({ err: error instanceof Error ? error : new Error(String(error)) }),
    };
  }
}
