import { formatTime, type WirePromotion } from '@convox-builds/api-contract';
import type { PromotionRecord } from '@convox-builds/store';

/** A promotion for the wire. */
export function presentPromotion(promotion: PromotionRecord): WirePromotion {
  return {
    id: promotion.id,
    app: promotion.app,
    release: promotion.releaseId,
    actor: promotion.actor,
    state: promotion.state,
    reason: promotion.reason,
    tries: promotion.tries,
    created: formatTime(promotion.createdAt),
    started: formatTime(promotion.startedAt),
    ended: formatTime(promotion.endedAt),
  };
}
