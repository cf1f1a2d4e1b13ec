import { randomBytes } from 'node:crypto';

import { createWebhookSchema, listDeliveriesSchema } from '@convox-builds/api-contract';
import { createWebhookId, isWebhookId } from '@convox-builds/domain';
import type { WebhookRecord } from '@convox-builds/store';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson, answerOk } from '../http/answer.js';
import { HttpError, notFound } from '../http/http-error.js';
import { pathParameter } from '../http/path-parameter.js';
import { readInput } from '../http/read-input.js';
import { presentDelivery, presentWebhook } from '../presenters/present-webhook.js';
import { secretPlace } from '../webhooks/send-delivery.js';
import { assertOutward } from './assert-outward.js';

const MAX_WEBHOOKS = 100;
const SECRET_BYTES = 32;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function getWebhook({ store }: ApiParts, id: string): Promise<WebhookRecord> {
  const webhook = isWebhookId(id) ? await store.webhooks.find(id) : undefined;
  if (webhook === undefined) throw notFound('webhook', id);
  return webhook;
}

async function createWebhook(parts: ApiParts, ctx: ApiContext): Promise<{ webhook: WebhookRecord; secret: string }> {
  const { store, settings } = parts;
  const { url, events, app, format } = await readInput(ctx, createWebhookSchema);
  assertOutward('url', url, parts);
  if (app !== undefined && (await store.apps.find(app)) === undefined) throw notFound('app', app);
  if ((await store.webhooks.list()).length >= MAX_WEBHOOKS)
    throw new HttpError(409, `there are ${MAX_WEBHOOKS} webhooks, delete one of them first`);
  const id = createWebhookId();
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const sealedSecret = settings.secretBox.seal(secret, secretPlace(id));
  const webhook = await store.webhooks.create({ id, url, app: app ?? null, events, format, sealedSecret });
  return { webhook, secret };
}

/** Webhooks: list, create, delete; what was delivered to them, and delivering it again. */
export function addWebhookRoutes(router: ApiRouter, parts: ApiParts): void {
  const { store, webhookSender } = parts;

  router.get('/webhooks', async (ctx) => {
    const webhooks = await store.webhooks.list();
    answerJson(
      ctx,
      webhooks.map((webhook) => presentWebhook(webhook, ctx.state.caller)),
    );
  });

  router.post('/webhooks', async (ctx) => {
    const { webhook, secret } = await createWebhook(parts, ctx);
    answerJson(ctx, { ...presentWebhook(webhook, ctx.state.caller), secret });
  });

  router.delete('/webhooks/:id', async (ctx) => {
    const { id } = await getWebhook(parts, pathParameter(ctx, 'id'));
    await store.webhooks.delete(id);
    answerOk(ctx);
  });

  router.get('/webhooks/:id/deliveries', async (ctx) => {
    const { id } = await getWebhook(parts, pathParameter(ctx, 'id'));
    const { limit } = await readInput(ctx, listDeliveriesSchema);
    answerJson(ctx, (await store.deliveries.list(id, { limit })).map(presentDelivery));
  });

  router.post('/webhooks/:id/deliveries/:delivery/redeliver', async (ctx) => {
    const { id } = await getWebhook(parts, pathParameter(ctx, 'id'));
    const delivery = pathParameter(ctx, 'delivery');
    const isThere = UUID.test(delivery) && (await store.deliveries.redeliver(id, delivery));
    if (!isThere) throw notFound('delivery', delivery);
    webhookSender.wake();
    answerOk(ctx);
  });
}
