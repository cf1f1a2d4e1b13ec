import { RETRY_DELAYS } from '@convox-builds/domain';

import type { ApiParts } from './api-parts.js';

const EVERY_MS = 2000;
const WORKER_FORGOTTEN_AFTER_MS = 3_600_000;
const REQUEST_FORGOTTEN_AFTER_MS = 24 * 3_600_000;
const COMPACT_AT_ONCE = 20;

/** A build that has lost its worker more often than it is tried again may be what kills them. */
const MAX_LOST_WORKERS = RETRY_DELAYS['lost-worker'].length + 1;

type Parts = Pick<ApiParts, 'store' | 'dispatcher' | 'logger' | 'logHub'>;

/**
 * Builds whose worker is gone go back to the queue, and their logs say so, or they fail. A log that has ended is not
 * added to: readers have seen its end. There the record alone has the reason.
 */
async function expireLeases({ store, logger, logHub }: Parts): Promise<void> {
  for (const { buildId, outcome } of await store.attempts.expireLeases({ maxLostWorkers: MAX_LOST_WORKERS })) {
    logger.warn({ buildId, outcome }, 'A worker was lost');
    if (outcome === 'queued') {
      await store.logs.appendNote(buildId, 'The worker was lost: this build goes back to the queue');
    }
    logHub.wake(buildId);
  }
}

/** Every build that waits is given out, and rung for again if its ring was lost with Redis. */
const dispatchBuilds = ({ dispatcher }: Parts) => dispatcher.dispatch();

/** What nobody needs any more. */
async function forgetLeftovers({ store }: Parts): Promise<void> {
  await store.workers.forget({ olderThanMs: WORKER_FORGOTTEN_AFTER_MS });
  await store.builds.forgetRequests({ olderThanMs: REQUEST_FORGOTTEN_AFTER_MS });
}

async function compactLogs({ store, logger }: Parts): Promise<void> {
  for (const buildId of await store.logs.listToCompact({ limit: COMPACT_AT_ONCE })) {
    // One log that cannot be put away does not keep the others.
    await store.logs.compact(buildId).catch((error: unknown) => {
      logger.warn({ err: error, buildId }, 'Cannot put the log of a build away');
    });
  }
}

/** Makes the world agree with the rows, once. Each part is tried; safe on any number of replicas at the same time. */
export async function reconcile(parts: Parts): Promise<void> {
  for (const step of [expireLeases, dispatchBuilds, compactLogs, forgetLeftovers]) {
    try {
      await step(parts);
    } catch (error) {
      parts.logger.warn({ err: error, step: step.name }, 'Cannot reconcile');
    }
  }
}

/** Reconciles every two seconds until stopped. */
export function startReconciler(parts: Parts): { stop: () => Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const run = () => {
    running = reconcile(parts).then(() => {
      if (!isStopped) timer = setTimeout(run, EVERY_MS);
    });
  };
  run();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
