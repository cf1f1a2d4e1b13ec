import { createHmac } from 'node:crypto';

import type { ForgeKind } from '../forge-event.js';

/** A webhook to be sent. */
export interface TestWebhook {
  readonly kind: ForgeKind;
  /** As the forge calls it: `push`, `Push Hook`, `repo:push`. */
  readonly event?: string;
  readonly json: unknown;
  readonly secret: string;
  readonly deliveryId: string;
  /** Whether the JSON goes in the field `payload` of a form. */
  readonly asForm?: boolean;
  /** When it was signed, where the scheme has a time; default now. */
  readonly time?: Date;
}

type Sign = (message: string | Buffer) => string;

/** The headers of each forge, as its documentation has them. */
function headersOf(webhook: TestWebhook, text: string, body: Buffer): Record<string, string> {
  const { kind, event = '', deliveryId, secret, time = new Date() } = webhook;
  const hmac: Sign = (message) => createHmac('sha256', secret).update(message).digest('hex');
  const seconds = Math.floor(time.getTime() / 1000);
  switch (kind) {
    case 'github':
      return {
        'x-github-event': event,
        'x-github-delivery': deliveryId,
        'x-hub-signature-256': `sha256=${hmac(body)}`,
      };
    case 'gitlab':
      return { 'x-gitlab-event': event, 'idempotency-key': deliveryId, 'x-gitlab-token': secret };
    case 'bitbucket':
      return { 'x-event-key': event, 'x-request-uuid': deliveryId, 'x-hub-signature': `sha256=${hmac(body)}` };
    case 'gitea':
      return { 'x-gitea-event': event, 'x-gitea-delivery': deliveryId, 'x-gitea-signature': hmac(text) };
    case 'generic':
      return { 'convox-delivery': deliveryId, 'convox-signature': `t=${seconds},v1=${hmac(`${seconds}.${text}`)}` };
  }
}

/** Makes the headers and the body that a forge would send. */
export function signWebhook(webhook: TestWebhook): { headers: Record<string, string>; body: Buffer } {
  const text = JSON.stringify(webhook.json);
  const body = Buffer.from(webhook.asForm === true ? new URLSearchParams({ payload: text }).toString() : text);
  const type = webhook.asForm === true ? 'application/x-www-form-urlencoded' : 'application/json';
  return { headers: { 'content-type': type, ...headersOf(webhook, text, body) }, body };
}
