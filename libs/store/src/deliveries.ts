import type { Knex } from 'knex';

import { type ClaimDeliveries, claimDeliveries, DUE_DELIVERIES, type DueDelivery } from './claim-deliveries.js';
import { inMs, msAgo, NOW } from './claims.js';
import { deliveryFromRow } from './rows.js';
import { runIfAny } from './run-if-any.js';
import type { DeliveryRecord } from './webhook-records.js';

/** What came of one try. */
export interface DeliveryTry {
  readonly answerStatus: number | null;
  readonly answer: string;
  readonly durationMs: number;
  readonly reason: string;
}

/** How a delivery goes on after a try: it has ended, or is tried again after a time. */
export type DeliveryNext = { readonly state: 'delivered' | 'failed' } | { readonly retryAfterMs: number };

/** The outbox: what webhooks are still to be told, and what came of it. Triggers write it, see migration 0009. */
export interface DeliveryRepository {
  /**
   * Takes deliveries that are due. Of one webhook and one build only the oldest is, until it has ended; no two callers get the
   * same one as long as its lease holds.
   */
  claim(options: ClaimDeliveries): Promise<DueDelivery[]>;
  /** Records a try. `false`: the lease ran out, and somebody else has the delivery. */
  record(delivery: DueDelivery, tried: DeliveryTry, next: DeliveryNext): Promise<boolean>;
  /** Hands a delivery back that was not sent to its end: that counts for no try. */
  release(delivery: DueDelivery): Promise<void>;
  /** The newest first. */
  list(webhookId: string, options: { limit: number }): Promise<DeliveryRecord[]>;
  /** Has a delivery sent once more, under the same id; `false` when there is none. */
  redeliver(webhookId: string, id: string): Promise<boolean>;
  /** Deletes those that ended longer ago. */
  forget(options: { olderThanMs: number }): Promise<number>;
}

async function record(knex: Knex, delivery: DueDelivery, tried: DeliveryTry, next: DeliveryNext): Promise<boolean> {
  const { answerStatus, answer, durationMs, reason } = tried;
  const then =
    'state' in next ? { state: next.state, ended_at: knex.raw(NOW) } : { not_before: inMs(knex, next.retryAfterMs) };
  const what = { answer_status: answerStatus, answer, duration_ms: durationMs, reason };
  const { id, owner } = delivery;
  return (
    (await knex('webhook_deliveries')
      .where({ id, owner })
      .update({ ...what, ...then, ...unowned })) > 0
  );
}

const unowned = { owner: '', lease_expires_at: null } as const;

/** Opens the deliveries of a database. */
export function createDeliveryRepository(knex: Knex): DeliveryRepository {
  return {
    claim: (options) => runIfAny(knex, DUE_DELIVERIES, (transaction) => claimDeliveries(transaction, options)),
    record: (delivery, tried, next) => record(knex, delivery, tried, next),
    release: async ({ id, owner }) => {
      await knex('webhook_deliveries')
        .where({ id, owner })
        .update({ ...unowned, tries: knex.raw('tries - 1') });
    },
    list: async (webhookId, { limit }) =>
      (await knex('webhook_deliveries').where({ webhook_id: webhookId }).orderBy('ordinal', 'desc').limit(limit)).map(
        deliveryFromRow,
      ),
    redeliver: async (webhookId, id) =>
      (await knex('webhook_deliveries')
        .where({ webhook_id: webhookId, id })
        .update({ state: 'pending', ended_at: null, tries: 0, not_before: knex.raw(NOW) })) > 0,
    forget: ({ olderThanMs }) => knex('webhook_deliveries').where('ended_at', '<', msAgo(knex, olderThanMs)).delete(),
  };
}
