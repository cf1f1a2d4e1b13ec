import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '@convox-builds/runtime';

const FIRST_RESTART_MS = 500;
const MAX_RESTART_MS = 15_000;
/** A child that ran this long had started well: the next restart is quick again. */
const STEADY_MS = 30_000;

/** A process that the rack runs. */
export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when the child can be used; called after each start. */
  readonly waitUntilReady: (child: ChildProcess) => Promise<void>;
  /** How long it may take to stop. */
  readonly stopWithinMs: number;
  /** Whether it is one of our own: then it has a channel, and ends when that does. */
  readonly isOurs: boolean;
  /** Where its output goes; default where ours goes. */
  readonly logFile?: string;
  readonly logger: Logger;
}

/** A child that is kept running. */
export interface Child {
  readonly stop: () => Promise<void>;
}

/** A foreign program knows nothing of us: the kernel kills it when we die. */
function commandLine({ command, args, isOurs }: ChildOptions): [string, readonly string[]] {
  return isOurs ? [command, args] : ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]];
}

function start(options: ChildOptions): ChildProcess {
  const [command, args] = commandLine(options);
  const output = options.logFile === undefined ? 'inherit' : openSync(options.logFile, 'a', 0o600);
  return spawn(command, args, {
    env: { ...options.environment },
    stdio: ['ignore', output, output, ...(options.isOurs ? (['ipc'] as const) : [])],
    // Ctrl-C in a terminal is for the rack: it stops its children one after the other.
    detached: true,
  });
}

/**
 * Starts a child, waits until it can be used, and starts it again whenever it ends by itself.
 *
 * @throws {Error} when it does not come up the first time
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, logger, waitUntilReady, stopWithinMs } = options;
  let isStopping = false;
  let delayMs = FIRST_RESTART_MS;
  let current = start(options);

  async function becomeReady(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`Cannot start ${name}: it ended with ${signal ?? code}`);
    });
    const failed = once(child, 'error').then(([error]) => {
      throw new Error(`Cannot start ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    await Promise.race([waitUntilReady(child), ended, failed]);
    ended.catch(() => {});
    failed.catch(() => {});
  }

  async function keepRunning(): Promise<void> {
    while (!isStopping) {
      const startedAt = performance.now();
      if (current.exitCode === null && current.signalCode === null) await once(current, 'exit');
      if (isStopping) return;
      if (performance.now() - startedAt > STEADY_MS) delayMs = FIRST_RESTART_MS;
      logger.error(
        { child: name, code: current.exitCode, signal: current.signalCode },
        'A part died, starting it again',
      );
      await sleep(delayMs);
      delayMs = Math.min(delayMs * 2, MAX_RESTART_MS);
      if (!isStopping) current = start(options);
    }
  }

  await becomeReady(current);
  keepRunning().catch((error: unknown) => logger.error({ err: error, child: name }, 'A part is not watched any more'));
  return {
    stop: async () => {
      isStopping = true;
      const child = current;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      clearTimeout(force);
    },
  };
}
