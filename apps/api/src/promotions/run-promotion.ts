import type { Logger } from '@convox-builds/runtime';
import type { PromotionClaim, PromotionRecord, Store } from '@convox-builds/store';

import type { ApiMetrics } from '../api-metrics.js';
import type { RackRegistry } from '../archives/rack-registry.js';
import { oneLine } from '../outgoing/one-line.js';
import { describePromotion } from './describe-promotion.js';
import { hideValues } from './hide-values.js';
import type { PromotionHook, PromotionOutcome } from './promotion-hook.js';

const MAX_REASON_LENGTH = 1000;
const FIRST_RETRY_DELAY_MS = 5000;

/** What promotions are run with. */
export interface PromotionRunner {
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'promotionTries'>;
  readonly hook: PromotionHook;
  /** Where the images are. */
  readonly registry: RackRegistry | undefined;
  readonly maxTries: number;
  readonly leaseMs: number;
}

/** Renews the lease; aborts when the promotion is not ours any more, or nobody can say so in time. */
function keepLease(claim: PromotionClaim, { store, leaseMs, logger }: PromotionRunner) {
  const lost = new AbortController();
  let renewedAt = performance.now();
  const renew = async () => {
    try {
      const askedAt = performance.now();
      if (await store.promotions.renew(claim, { leaseMs })) renewedAt = askedAt;
      else lost.abort(new Error('the promotion was ended or taken over'));
    } catch (error) {
      logger.warn({ err: error, promotionId: claim.id }, 'Cannot renew the lease of a promotion');
    }
  };
  const timer = setInterval(() => {
    if (performance.now() - renewedAt > leaseMs * 0.75) lost.abort(new Error('the lease could not be renewed'));
    else void renew();
  }, leaseMs / 4);
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}

async function callHook(promotion: PromotionRecord, runner: PromotionRunner, signal: AbortSignal) {
  const call = await describePromotion(promotion, runner);
  if (call === undefined) return { kind: 'failed', reason: 'its release is gone' } as const;
  const outcome = await runner.hook(call, signal);
  if (outcome.kind === 'succeeded') return outcome;
  const reason = oneLine(hideValues(outcome.reason, call.environment)).slice(0, MAX_REASON_LENGTH);
  return { ...outcome, reason };
}

async function recordOutcome(
  claim: PromotionClaim,
  outcome: PromotionOutcome,
  { tries, maxTries, store }: Pick<PromotionRunner, 'maxTries' | 'store'> & { tries: number },
): Promise<boolean> {
  if (outcome.kind === 'succeeded') return store.promotions.succeed(claim);
  if (outcome.kind === 'failed') return store.promotions.fail(claim, outcome.reason);
  if (tries >= maxTries) return store.promotions.fail(claim, `${outcome.reason}; given up after ${tries} tries`);
  return store.promotions.retry(claim, outcome.reason, { delayMs: FIRST_RETRY_DELAY_MS * 2 ** (tries - 1) });
}

/**
 * Runs one try of a promotion and records what came of it. When this replica stops, another one takes it up.
 *
 * @param stopping aborted when the replica stops
 */
export async function runPromotion(
  promotion: PromotionRecord,
  { owner, stopping }: { owner: string; stopping: AbortSignal },
  runner: PromotionRunner,
): Promise<void> {
  const { id, app, releaseId, tries } = promotion;
  const claim = { id, app, owner };
  const logger = runner.logger.child({ promotionId: id, app, releaseId, tries });
  const lease = keepLease(claim, runner);
  try {
    const outcome = await callHook(promotion, runner, AbortSignal.any([stopping, lease.lost]));
    runner.metrics.promotionTries.inc({ outcome: outcome.kind });
    const isOurs = await recordOutcome(claim, outcome, { ...runner, tries });
    logger.info({ ...outcome, isOurs }, 'Promotion tried');
  } catch (error) {
    if (lease.lost.aborted) return logger.warn({ err: lease.lost.reason }, 'Promotion lost');
    if (stopping.aborted) await runner.store.promotions.release(claim);
    else throw error;
  } finally {
    lease.stop();
  }
}
