import { formatTime, type WireDelivery, type WireWebhook } from '@convox-builds/api-contract';
import type { DeliveryRecord, WebhookRecord } from '@convox-builds/store';

import type { Caller } from '../http/authenticate.js';

/** What comes after the host is often a key to what is there. */
const hidePath = (url: string) => `${new URL(url).origin}/****`;

/** A webhook for the wire. */
export function presentWebhook(webhook: WebhookRecord, { role }: Pick<Caller, 'role'>): WireWebhook {
  const { id, url, app, events, format, createdAt } = webhook;
  return {
    id,
    url: role === 'r' ? hidePath(url) : url,
    app: app ?? '',
    events: [...events],
    format,
    created: formatTime(createdAt),
  };
}

/** A delivery for the wire. */
export function presentDelivery(delivery: DeliveryRecord): WireDelivery {
  const { id, event, app, outcome, state, tries, reason, answer } = delivery;
  return {
    ...{ id, event, app, state, tries, reason, answer },
    status: outcome,
    'answer-status': delivery.answerStatus ?? 0,
    'duration-ms': delivery.durationMs ?? 0,
    created: formatTime(delivery.createdAt),
    ended: formatTime(delivery.endedAt),
    next: formatTime(state === 'pending' ? delivery.notBefore : null),
  };
}
