import { isAppName, WEBHOOK_EVENTS } from '@convox-builds/domain';
import { z } from 'zod';

import { limit, text } from './fields.js';

const MAX_URL_LENGTH = 2000;

const webhookUrl = text(MAX_URL_LENGTH).transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const issue = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return issue('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') return issue('must not hold a user or a password');
  url.hash = '';
  return url.href;
});

const isEvent = (name: string) => WEBHOOK_EVENTS.some((event) => event === name);

/** `POST /webhooks`: without events all of them, without an app those of all apps. */
export const createWebhookSchema = z.object({
  url: webhookUrl,
  events: text(1000)
    .default(WEBHOOK_EVENTS.join(','))
    .transform((list) => [...new Set(list.split(',').map((name) => name.trim()))])
    .refine((names) => names.every(isEvent), `must be names of ${WEBHOOK_EVENTS.join(', ')}, separated by commas`)
    .transform((names) => WEBHOOK_EVENTS.filter((event) => names.includes(event))),
  app: z.string().refine(isAppName, 'is no name of an app').optional(),
});

/** `GET /webhooks/{id}/deliveries`. */
export const listDeliveriesSchema = z.object({ limit });
