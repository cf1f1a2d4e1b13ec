import { randomUUID } from 'node:crypto';

import { startLoop } from '@convox-builds/runtime';

import type { PromotionHook } from './promotion-hook.js';
import { type PromotionRunner, runPromotion } from './run-promotion.js';

const EVERY_MS = 1000;
const AT_ONCE = 16;

/** Runs the promotions of a rack, together with the promoters of the other replicas. */
export interface Promoter {
  /** Whether a promotion runs something; else it is over at once. */
  readonly hasHook: boolean;
  /** Has a new promotion begin now. */
  readonly wake: () => void;
  /** Takes up nothing any more, stops what runs, and hands it back. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the promoter of a replica. Without a hook it leaves alone what is to be run: it is for a replica that was started
 * with other settings.
 */
export function startPromoter({
  hook,
  ...parts
}: Omit<PromotionRunner, 'hook'> & { hook: PromotionHook | undefined }): Promoter {
  if (hook === undefined) return { hasHook: false, wake: () => {}, close: async () => {} };
  return startRunning({ ...parts, hook });
}

function startRunning(runner: PromotionRunner): Promoter {
  const { store, logger, leaseMs, maxTries } = runner;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function takeUp(): Promise<void> {
    const owner = randomUUID();
    const claimed = await store.promotions.claim({ owner, leaseMs, maxTries, limit: AT_ONCE - running.size });
    for (const promotion of claimed) {
      const ended = runPromotion(promotion, { owner, stopping: stopping.signal }, runner)
        // Its lease runs out, and it is taken up again.
        .catch((error: unknown) => logger.error({ err: error, promotionId: promotion.id }, 'Cannot run a promotion'))
        .finally(() => running.delete(ended));
      running.add(ended);
    }
  }

  const loop = startLoop(
    () => takeUp().catch((error: unknown) => logger.warn({ err: error }, 'Cannot take up promotions')),
    { everyMs: EVERY_MS },
  );
  return {
    hasHook: true,
    wake: loop.wake,
    close: async () => {
      await loop.stop();
      stopping.abort(new Error('the api is stopping'));
      await Promise.all(running);
    },
  };
}
