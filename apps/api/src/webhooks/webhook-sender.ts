import type { Logger } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

import type { ApiMetrics } from '../api-metrics.js';
import { type Sender, startSender } from '../outgoing/start-sender.js';
import { type SendingParts, sendDelivery } from './send-delivery.js';

/** So that one that is dead or slow takes no more than its share of what is on its way. */
const PER_WEBHOOK = 4;

/** What a sender works with. */
export interface WebhookSenderParts extends SendingParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'deliveryTries'>;
}

/** Starts what delivers events to webhooks. */
export function startWebhookSender(parts: WebhookSenderParts): Sender {
  const { store, logger, metrics, timeoutMs } = parts;
  return startSender({
    name: 'webhooks',
    logger,
    tryMs: timeoutMs,
    claim: (lease) => store.deliveries.claim({ ...lease, perWebhook: PER_WEBHOOK }),
    release: (delivery) => store.deliveries.release(delivery),
    send: async (delivery, stopping) => {
      const { tried, next } = await sendDelivery(delivery, parts, stopping);
      metrics.deliveryTries.inc({ outcome: 'state' in next ? next.state : 'pending' });
      await store.deliveries.record(delivery, tried, next);
      if ('state' in next && next.state === 'failed')
        logger.warn({ webhookId: delivery.webhookId, deliveryId: delivery.id, reason: tried.reason }, 'Not delivered');
    },
  });
}
