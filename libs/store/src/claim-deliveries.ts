import type { WebhookFormat } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { inMs, NOW } from './claims.js';
import { deliveryFromRow } from './rows.js';
import type { Occasion } from './run-if-any.js';
import type { DeliveryRecord } from './webhook-records.js';
import type { DeliveryRow } from './webhook-rows.js';

/** A delivery to send now, and where. */
export interface DueDelivery extends DeliveryRecord {
  /** Names who sends it. */
  readonly owner: string;
  readonly url: string;
  readonly format: WebhookFormat;
  readonly sealedSecret: string;
}

/** What {@link claimDeliveries} takes. */
export interface ClaimDeliveries {
  /** Names who sends them, different for each call. */
  readonly owner: string;
  /** Longer than a try can take: nobody renews it. */
  readonly leaseMs: number;
  readonly limit: number;
  /** How many of one webhook may be on their way at once. */
  readonly perWebhook: number;
}

/** Without any of them there is nothing to claim. */
export const DUE_DELIVERIES: Occasion<DueDelivery[]> = {
  rows: `FROM webhook_deliveries WHERE state = 'pending' AND not_before <= ${NOW}`,
  otherwise: [],
};

/** Any number will do, as long as nobody else locks it. */
const DELIVERY_LOCK = 724_051_875;

/**
 * The oldest due ones of each webhook, as many as it has room for, first those of webhooks that have none on their way. A webhook with a long backlog costs as much as one
 * without: the index gives its first ones.
 */
const TAKE = `
  UPDATE webhook_deliveries SET owner = ?, tries = tries + 1, lease_expires_at = ?
  WHERE id IN (
    SELECT due.id
    FROM webhooks
    CROSS JOIN LATERAL (
      SELECT count(*) AS sent FROM webhook_deliveries
      WHERE webhook_id = webhooks.id AND state = 'pending' AND lease_expires_at >= ${NOW}
    ) AS busy
    CROSS JOIN LATERAL (
      SELECT id, ordinal, busy.sent + row_number() OVER (ORDER BY not_before, ordinal) AS place
      FROM webhook_deliveries AS waiting
      WHERE webhook_id = webhooks.id AND state = 'pending' AND not_before <= ${NOW}
        AND (lease_expires_at IS NULL OR lease_expires_at < ${NOW})
        AND NOT EXISTS (
          SELECT FROM webhook_deliveries AS earlier
          WHERE earlier.webhook_id = webhooks.id AND earlier.state = 'pending'
            AND earlier.subject = waiting.subject AND earlier.ordinal < waiting.ordinal
        )
      ORDER BY not_before, ordinal
      LIMIT greatest(0, ? - busy.sent)
    ) AS due
    ORDER BY due.place, due.ordinal
    LIMIT ?
  )
  RETURNING *`;

/** Takes deliveries that are due, inside a transaction: one replica at a time. */
export async function claimDeliveries(knex: Knex, options: ClaimDeliveries): Promise<DueDelivery[]> {
  const { owner, leaseMs, limit, perWebhook } = options;
  await knex.raw('SELECT pg_advisory_xact_lock(?)', [DELIVERY_LOCK]);
  const taken = await knex.raw<{ rows: DeliveryRow[] }>(TAKE, [owner, inMs(knex, leaseMs), perWebhook, limit]);
  const webhooks = await knex('webhooks').whereIn('id', [...new Set(taken.rows.map((row) => row.webhook_id))]);
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  return taken.rows.flatMap((row) => {
    const webhook = byId.get(row.webhook_id);
    if (webhook === undefined) return [];
    const { url, format, secret: sealedSecret } = webhook;
    return [{ ...deliveryFromRow(row), owner, url, format, sealedSecret }];
  });
}
