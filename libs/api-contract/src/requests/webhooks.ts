import { isAppName, WEBHOOK_EVENTS, WEBHOOK_FORMATS } from '@convox-builds/domain';
import { z } from 'zod';

import { limit, text } from './fields.js';
import { outgoingUrl } from './outgoing-url.js';

const isEvent = (name: string) => WEBHOOK_EVENTS.some((event) => event === name);

/** `POST /webhooks`: without events all of them, without an app those of all apps. */
export const createWebhookSchema = z.object({
  url: outgoingUrl,
  events: text(1000)
    .default(WEBHOOK_EVENTS.join(','))
    .transform((list) => [...new Set(list.split(',').map((name) => name.trim()))])
    .refine((names) => names.every(isEvent), `must be names of ${WEBHOOK_EVENTS.join(', ')}, separated by commas`)
    .transform((names) => WEBHOOK_EVENTS.filter((event) => names.includes(event))),
  app: z.string().refine(isAppName, 'is no name of an app').optional(),
  format: z
    .enum(WEBHOOK_FORMATS, `must be one of ${WEBHOOK_FORMATS.join(', ')}`)
    .default('convox')
    .describe('`slack`: a text for an incoming webhook of Slack, or of whoever takes the same'),
});

/** `GET /webhooks/{id}/deliveries`. */
export const listDeliveriesSchema = z.object({ limit });
