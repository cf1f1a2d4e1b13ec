import { isHookId } from '@convox-builds/domain';
import {
  type ForgeEvent,
  type ForgeWebhook,
  isSignedBy,
  readWebhook,
  WebhookError,
  type WebhookRequest,
} from '@convox-builds/forge';
import { type HookRecord, hookPlace } from '@convox-builds/store';

import type { ApiContext } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';
import { readBody } from '../http/read-body.js';
import type { BodyBudget } from './body-budget.js';
import { boundEvent } from './bound-event.js';

/** GitHub sends no larger ones: "payloads are capped at 25 MB". */
const MAX_WEBHOOK_BYTES = 25 * 1024 * 1024;

/** Names are looked up before anything is read, so that strangers take no memory. */
async function getHook({ store }: ApiParts, id: string): Promise<HookRecord> {
  const hook = isHookId(id) ? await store.hooks.find(id) : undefined;
  if (hook === undefined) throw notFound('hook', id);
  return hook;
}

/** The signature is over the bytes that came: it is proven before they are read as anything. */
function assertSigned(hook: HookRecord, request: WebhookRequest, { secretBox }: ApiParts['settings']): void {
  const sealed = [hook.secret, hook.previousSecret].filter((secret) => secret !== '');
  const secrets = sealed.map((secret) => secretBox.open(secret, hookPlace(hook.id)));
  if (isSignedBy(hook.kind, secrets, { ...request, now: new Date() })) return;
  throw new HttpError(401, 'the signature of the webhook is missing or wrong');
}

function read(hook: HookRecord, request: WebhookRequest): ForgeWebhook {
  try {
    return readWebhook(hook.kind, request);
  } catch (error) {
    if (error instanceof WebhookError) throw new HttpError(400, error.message, { cause: error });
    throw error;
  }
}

/** Somebody may have given one secret to the webhooks of several repositories. */
function eventsOf(hook: HookRecord, { event, more }: ForgeWebhook): ForgeEvent[] {
  return [event, ...more].map((one): ForgeEvent => {
    if (one.kind === 'ignored' || one.repository.fullName.toLowerCase() === hook.repository) return boundEvent(one);
    return { kind: 'ignored', reason: `it is of another repository, ${one.repository.fullName}` };
  });
}

async function recordWebhook(parts: ApiParts, ctx: ApiContext, hook: HookRecord): Promise<boolean> {
  const body = await readBody(ctx, { maxBytes: MAX_WEBHOOK_BYTES, what: 'webhook' });
  const request = { headers: ctx.headers, body };
  assertSigned(hook, request, parts.settings);
  const webhook = read(hook, request);
  const events = eventsOf(hook, webhook);
  return parts.store.receivedDeliveries.record({ hookId: hook.id, deliveryId: webhook.deliveryId, events });
}

/**
 * Takes a webhook: proves it by what was sent, byte for byte, reads it, and records it once. What comes of it is seen to later.
 *
 * @returns `false`: it is known
 * @throws {HttpError} 400, 401, 404, 413, 503
 */
export async function receiveWebhook(
  parts: ApiParts,
  ctx: ApiContext,
  { id, budget }: { id: string; budget: BodyBudget },
): Promise<boolean> {
  const { webhooksReceived } = parts.metrics;
  try {
    const hook = await getHook(parts, id);
    const bytes = ctx.request.length ?? MAX_WEBHOOK_BYTES;
    if (bytes > MAX_WEBHOOK_BYTES) throw new HttpError(413, `webhook is larger than ${MAX_WEBHOOK_BYTES} bytes`);
    const isNew = await budget.within(bytes, () => recordWebhook(parts, ctx, hook));
    webhooksReceived.inc({ outcome: isNew ? 'recorded' : 'known' });
    return isNew;
  } catch (error) {
    webhooksReceived.inc({ outcome: error instanceof HttpError && error.status < 500 ? 'refused' : 'failed' });
    throw error;
  }
}
