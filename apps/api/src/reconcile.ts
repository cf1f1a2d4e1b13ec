import { type Loop, startLoop } from '@convox-builds/runtime';

import type { ApiParts } from './api-parts.js';
import { traceLostAttempt } from './queue/trace-lost-attempt.js';
import { runSteps } from './run-steps.js';

const EVERY_MS = 2000;
/** Longer than a rollout of the api takes. */
const PROMOTION_ABANDONED_AFTER_MS = 10 * 60_000;
/** Longer than anybody builds. */
const BUILD_ABANDONED_AFTER_MS = 24 * 3_600_000;
const COMPACT_AT_ONCE = 20;

type Parts = Pick<ApiParts, 'settings' | 'store' | 'dispatcher' | 'logger' | 'logHub' | 'metrics' | 'tracer'>;

/**
 * Builds whose worker is gone go back to the queue, and their logs say so, or they fail. A log that has ended is not
 * added to: readers have seen its end. There the record alone has the reason.
 */
async function expireLeases(parts: Parts): Promise<void> {
  const { settings, store, logger, logHub, metrics } = parts;
  const expired = await store.attempts.expireLeases({ maxLostWorkers: settings.maxLostWorkers });
  for (const { buildId, attempt, outcome } of expired) {
    logger.warn({ buildId, attempt, outcome }, 'A worker was lost');
    metrics.expiredLeases.inc({ outcome });
    if (outcome === 'queued') {
      await store.logs.appendNote(buildId, 'The worker was lost: this build goes back to the queue');
    }
    logHub.wake(buildId);
  }
  for (const lease of expired) await traceLostAttempt(parts, lease);
}

/** Every build that waits is given out, and rung for again if its ring was lost with Redis. */
const dispatchBuilds = ({ dispatcher }: Parts) => dispatcher.dispatch();

async function compactLogs({ store, logger, metrics }: Parts, signal: AbortSignal): Promise<void> {
  for (const buildId of await store.logs.listToCompact({ limit: COMPACT_AT_ONCE })) {
    if (signal.aborted) return;
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

/** No replica has a hook any more that could run these. */
async function failAbandonedPromotions({ store, logger }: Parts): Promise<void> {
  for (const promotionId of await store.promotions.failAbandoned({ olderThanMs: PROMOTION_ABANDONED_AFTER_MS })) {
    logger.warn({ promotionId }, 'Nobody runs promotions');
  }
}

/** A client that builds by itself may be switched off in mid-build: its build ends, too. */
async function failAbandonedBuilds({ store, logger, logHub }: Parts): Promise<void> {
  for (const buildId of await store.builds.failAbandoned({ olderThanMs: BUILD_ABANDONED_AFTER_MS })) {
    logger.warn({ buildId }, 'Nobody tells the end of an external build');
    logHub.wake(buildId);
  }
}

const STEPS = [expireLeases, dispatchBuilds, compactLogs, failAbandonedBuilds, failAbandonedPromotions] as const;

/** Makes the world agree with the rows, once. Each part is tried; safe on any number of replicas at the same time. */
export async function reconcile(parts: Parts, signal: AbortSignal): Promise<void> {
  await runSteps(STEPS, parts, { failure: 'Cannot reconcile', signal });
}

/** Reconciles every two seconds until stopped. */
export function startReconciler(parts: Parts): Loop {
  return startLoop((signal) => reconcile(parts, signal), { everyMs: EVERY_MS });
}
