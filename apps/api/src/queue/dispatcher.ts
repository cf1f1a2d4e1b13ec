import type { Logger } from '@convox-builds/runtime';
import type { QueueLimits, Store } from '@convox-builds/store';

import type { ApiMetrics } from '../api-metrics.js';
import type { LogHub } from '../log-stream/log-hub.js';
import type { BuildQueue } from './build-queue.js';
import { noteWait } from './note-wait.js';

/** Gives the builds that wait to the workers that are free. */
export interface Dispatcher {
  /**
   * Runs a round. Calls that come while one runs share the next one.
   *
   * @returns the ids of the builds that workers were given and rung for
   * @throws when the database does not answer; the builds wait for the next round
   */
  readonly dispatch: () => Promise<ReadonlySet<string>>;
  /**
   * Gives a new build out, or tells in its log how it waits. Nobody waits for that: the row is what counts, and what does
   * not work now does in the next round.
   */
  readonly startSoon: (buildId: string) => void;
  /** Starts nothing any more, and waits for what runs. */
  readonly close: () => Promise<void>;
}

/** What the dispatcher works with. */
export interface DispatcherParts {
  readonly store: Store;
  readonly queue: BuildQueue;
  readonly logHub: LogHub;
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'rings'>;
  readonly limits: QueueLimits;
}

async function runRound({ store, queue, limits, metrics }: DispatcherParts): Promise<ReadonlySet<string>> {
  const rung = new Set<string>();
  for (const build of await store.queue.admit(limits)) {
    // Nobody hears it: the workers will look for themselves.
    if (!(await queue.ring(build))) break;
    rung.add(build.buildId);
    metrics.rings.inc();
  }
  return rung;
}

/** Makes the dispatcher of a replica. It also runs whenever a worker says that a slot is free. */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const inBackground = new Set<Promise<unknown>>();
  let isClosed = false;
  let running: Promise<ReadonlySet<string>> | undefined;
  let next: Promise<ReadonlySet<string>> | undefined;

  function start(): Promise<ReadonlySet<string>> {
    next = undefined;
    running = runRound(parts).finally(() => {
      running = undefined;
    });
    return running;
  }

  function dispatch(): Promise<ReadonlySet<string>> {
    if (running === undefined) return start();
    next ??= running.then(start, start);
    return next;
  }

  async function startBuild(buildId: string): Promise<void> {
    const rung = await dispatch();
    if (!rung.has(buildId)) await noteWait(parts, buildId);
  }

  function runInBackground(work: () => Promise<unknown>): void {
    if (isClosed) return;
    const ended = work()
      .catch((error: unknown) => parts.logger.warn({ err: error }, 'Cannot dispatch'))
      .finally(() => inBackground.delete(ended));
    inBackground.add(ended);
  }

  parts.queue.onSlotFree(() => runInBackground(dispatch));
  return {
    dispatch,
    startSoon: (buildId) => runInBackground(() => startBuild(buildId)),
    close: async () => {
      isClosed = true;
      await Promise.all(inBackground);
    },
  };
}
