import { randomUUID } from 'node:crypto';

import type { Logger } from '@convox-builds/runtime';
import type { DueDelivery, Store } from '@convox-builds/store';

import type { ApiMetrics } from '../api-metrics.js';
import { startLoop } from '../start-loop.js';
import { type SendingParts, sendDelivery } from './send-delivery.js';

const EVERY_MS = 1000;
const AT_ONCE = 64;
/** So that one that is dead or slow takes no more than its share of what is on its way. */
const PER_WEBHOOK = 4;
/** Nobody renews a lease: it has to outlast a try, and the recording of it. */
const LEASE_MARGIN_MS = 5000;
const FINISH_WITHIN_MS = 2000;

/** What a sender works with. */
export interface WebhookSenderParts extends SendingParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'deliveryTries'>;
}

/** Delivers events to webhooks, together with the senders of the other replicas. */
export interface WebhookSender {
  /** Looks for deliveries now. */
  readonly wake: () => void;
  /** Sends nothing any more, gives what is on its way a moment, and hands the rest back. */
  readonly close: () => Promise<void>;
}

async function deliver(delivery: DueDelivery, parts: WebhookSenderParts, stopping: AbortSignal): Promise<void> {
  const { store, logger, metrics } = parts;
  try {
    const { tried, next } = await sendDelivery(delivery, parts, stopping);
    metrics.deliveryTries.inc({ outcome: 'state' in next ? next.state : 'pending' });
    await store.deliveries.record(delivery, tried, next);
    if ('state' in next && next.state === 'failed')
      logger.warn({ webhookId: delivery.webhookId, deliveryId: delivery.id, reason: tried.reason }, 'Not delivered');
  } catch (error) {
    if (!stopping.aborted) throw error;
    await store.deliveries.release(delivery);
  }
}

/** Starts the sender of a replica. */
export function startWebhookSender(parts: WebhookSenderParts): WebhookSender {
  const { store, logger, timeoutMs } = parts;
  const stopping = new AbortController();
  const sending = new Set<Promise<void>>();

  async function takeUp(): Promise<void> {
    const limit = AT_ONCE - sending.size;
    if (limit === 0) return;
    const lease = { owner: randomUUID(), leaseMs: timeoutMs + LEASE_MARGIN_MS };
    for (const delivery of await store.deliveries.claim({ ...lease, limit, perWebhook: PER_WEBHOOK })) {
      const ended = deliver(delivery, parts, stopping.signal)
        // Its lease runs out, and it is sent again.
        .catch((error: unknown) => logger.warn({ err: error, deliveryId: delivery.id }, 'Cannot record a delivery'))
        .finally(() => {
          sending.delete(ended);
          loop.wake();
        });
      sending.add(ended);
    }
  }

  const loop = startLoop(
    () => takeUp().catch((error: unknown) => logger.warn({ err: error }, 'Cannot take up deliveries')),
    { everyMs: EVERY_MS },
  );
  return {
    wake: loop.wake,
    close: async () => {
      await loop.stop();
      const force = setTimeout(() => stopping.abort(new Error('the api is stopping')), FINISH_WITHIN_MS);
      await Promise.all(sending);
      clearTimeout(force);
    },
  };
}
