import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '@convox-builds/runtime';

import { type ChildCommand, type ChildEnd, type SpawnedChild, spawnChild } from './spawn-child.js';

const FIRST_RESTART_MS = 500;
const MAX_RESTART_MS = 15_000;
/** A child that ran this long had started well: the next restart is quick again. */
const STEADY_MS = 30_000;

/** A process that the rack runs. */
export interface ChildOptions extends ChildCommand {
  readonly name: string;
  /** Resolves when the child can be used for the first time. */
  readonly waitUntilReady: (child: ChildProcess) => Promise<void>;
  /** How long it may take to stop. */
  readonly stopWithinMs: number;
  readonly logger: Logger;
}

/** A child that is kept running. */
export interface Child {
  readonly stop: () => Promise<void>;
}

const describeEnd = (end: ChildEnd) => ('err' in end ? end.err.message : `it ended with ${end.signal ?? end.code}`);

async function becomeReady({ child, ended }: SpawnedChild, { name, waitUntilReady }: ChildOptions): Promise<void> {
  const failed = ended.then((end) => {
    throw new Error(`Cannot start ${name}: ${describeEnd(end)}`);
  });
  await Promise.race([child === undefined ? failed : waitUntilReady(child), failed]);
  failed.catch(() => {});
}

async function stopChild({ child, ended }: SpawnedChild, stopWithinMs: number): Promise<void> {
  const force = setTimeout(() => child?.kill('SIGKILL'), stopWithinMs);
  child?.kill('SIGTERM');
  await ended;
  clearTimeout(force);
}

/**
 * Starts a child, waits until it can be used, and starts it again whenever it ends by itself, until that works.
 *
 * @throws {Error} when it does not come up the first time
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, logger, stopWithinMs } = options;
  let isStopping = false;
  let delayMs = FIRST_RESTART_MS;
  let current = spawnChild(options);

  async function keepRunning(): Promise<void> {
    for (;;) {
      const startedAt = performance.now();
      const how = await current.ended;
      if (isStopping) return;
      if (performance.now() - startedAt > STEADY_MS) delayMs = FIRST_RESTART_MS;
      logger.error({ child: name, ...how }, 'A part died, starting it again');
      await sleep(delayMs);
      delayMs = Math.min(delayMs * 2, MAX_RESTART_MS);
      if (isStopping) return;
      current = spawnChild(options);
    }
  }

  await becomeReady(current, options);
  void keepRunning();
  return {
    stop: async () => {
      isStopping = true;
      await stopChild(current, stopWithinMs);
    },
  };
}
