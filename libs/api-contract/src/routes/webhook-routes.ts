import { createWebhookSchema, listDeliveriesSchema } from '../requests/webhooks.js';
import type { Route } from './route.js';

const webhook404 = { 404: 'webhook not found: WABCDEFGHIJ' };

/** Webhooks and what was delivered to them. */
export const webhookRoutes: readonly Route[] = [
  { method: 'GET', path: '/webhooks', summary: 'List the webhooks', answer: { kind: 'list', of: 'Webhook' } },
  {
    method: 'POST',
    path: '/webhooks',
    summary: 'Create a webhook; only this answer has the key of its signatures',
    input: createWebhookSchema,
    example: { url: 'https://example.org/hook', events: 'build:create' },
    answer: { kind: 'object', of: 'Webhook' },
    errors: { 404: 'app not found: myapp', 409: 'there are 100 webhooks, delete one of them first' },
  },
  {
    method: 'DELETE',
    path: '/webhooks/{id}',
    summary: 'Delete a webhook',
    answer: { kind: 'ok' },
    errors: webhook404,
  },
  {
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    summary: 'List what was delivered to a webhook, the newest first',
    input: listDeliveriesSchema,
    answer: { kind: 'list', of: 'Delivery' },
    errors: webhook404,
  },
  {
    method: 'POST',
    path: '/webhooks/{id}/deliveries/{delivery}/redeliver',
    summary: 'Deliver something again',
    answer: { kind: 'ok' },
    errors: { 404: 'delivery not found: 00000000-0000-0000-0000-000000000000' },
  },
];
