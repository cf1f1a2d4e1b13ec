import type { ApiParts } from './api-parts.js';

const EVERY_MS = 2000;
const RING_AT_ONCE = 500;
const COMPACT_AT_ONCE = 20;

type Parts = Pick<ApiParts, 'store' | 'queue' | 'logger' | 'logHub' | 'metrics'> & {
  readonly settings: { readonly maxAttempts: number };
};

/**
 * Builds whose worker is gone go back to the queue, and their logs say so, or they fail. A log that has ended is not
 * added to: readers have seen its end. There the record alone has the reason.
 */
async function expireLeases({ store, logger, logHub, metrics, settings }: Parts): Promise<void> {
  for (const { buildId, attempt, outcome } of await store.attempts.expireLeases({
    maxAttempts: settings.maxAttempts,
  })) {
    logger.warn({ buildId, attempt, outcome }, 'A worker was lost');
    metrics.expiredLeases.inc({ outcome });
    if (outcome === 'queued') {
      await store.logs.appendNote(buildId, 'The worker was lost: this build goes back to the queue');
    }
    logHub.wake(buildId);
  }
}

/** Every build that is due is rung, also those whose ring was lost with Redis. */
async function ringDue({ store, queue, metrics }: Parts): Promise<void> {
  for (const job of await store.attempts.listDue({ limit: RING_AT_ONCE })) {
    if (!(await queue.ring(job))) return;
    metrics.rings.inc();
  }
}

async function compactLogs({ store, logger, metrics }: Parts): Promise<void> {
  for (const buildId of await store.logs.listToCompact({ limit: COMPACT_AT_ONCE })) {
    // One log that cannot be put away does not keep the others.
    await store.logs.compact(buildId).then(
      () => metrics.compactedLogs.inc(),
      (error: unknown) => {
        logger.warn({ err: error, buildId }, 'Cannot put the log of a build away');
        metrics.reconcileFailures.inc({ step: 'compactLogs' });
      },
    );
  }
}

/** Makes the world agree with the rows, once. Each part is tried; safe on any number of replicas at the same time. */
export async function reconcile(parts: Parts): Promise<void> {
  for (const step of [expireLeases, ringDue, compactLogs]) {
    try {
      await step(parts);
    } catch (error) {
      parts.logger.warn({ err: error, step: step.name }, 'Cannot reconcile');
      parts.metrics.reconcileFailures.inc({ step: step.name });
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
