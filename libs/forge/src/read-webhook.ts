import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { ForgeEvent, ForgeKind } from './forge-event.js';
import { readBitbucket } from './read-bitbucket.js';
import { readGeneric } from './read-generic.js';
import { readGitea } from './read-gitea.js';
import { readGithub } from './read-github.js';
import { readGitlab } from './read-gitlab.js';
import { WebhookError } from './webhook-error.js';
import { findHeader, isForm, readFormPayload, type WebhookRequest } from './webhook-request.js';

/** What a webhook says. */
export interface ForgeWebhook {
  /**
   * The same when the forge sends the same again. Where it gives no id, it is made of the body, which has the commits before and
   * after in it.
   */
  readonly deliveryId: string;
  readonly event: ForgeEvent;
  /** The other refs that were pushed together with the first; Bitbucket alone tells of several in one webhook. */
  readonly more: readonly ForgeEvent[];
}

interface Dialect {
  readonly eventHeaders: readonly string[];
  readonly deliveryHeaders: readonly string[];
  readonly read: (event: string, json: unknown) => ForgeEvent | ForgeEvent[];
}

const DIALECTS: Readonly<Record<ForgeKind, Dialect>> = {
  github: { eventHeaders: ['x-github-event'], deliveryHeaders: ['x-github-delivery'], read: readGithub },
  gitlab: {
    eventHeaders: ['x-gitlab-event'],
    deliveryHeaders: ['idempotency-key', 'webhook-id', 'x-gitlab-event-uuid'],
    read: readGitlab,
  },
  bitbucket: { eventHeaders: ['x-event-key'], deliveryHeaders: ['x-request-uuid'], read: readBitbucket },
  gitea: {
    eventHeaders: ['x-forgejo-event', 'x-gitea-event'],
    deliveryHeaders: ['x-forgejo-delivery', 'x-gitea-delivery'],
    read: readGitea,
  },
  generic: { eventHeaders: [], deliveryHeaders: ['convox-delivery'], read: (_event, json) => readGeneric(json) },
};

const DELIVERY_ID = /^[\w.:{}-]{1,128}$/;

const fail = (why: string, options?: ErrorOptions) => new WebhookError(`Cannot read webhook: ${why}`, options);

/** Names of fields that somebody else chose may be in it. */
const quoteIssue = (message = '') => message.replace(/\p{Cc}/gu, '?').slice(0, 200);

function readJson(request: WebhookRequest): unknown {
  try {
    return JSON.parse(isForm(request) ? readFormPayload(request) : request.body.toString('utf8'));
  } catch (error) {
    throw fail('its body is no JSON', { cause: error });
  }
}

function readDeliveryId(request: WebhookRequest, { deliveryHeaders }: Dialect): string {
  const given = findHeader(request, ...deliveryHeaders);
  if (given === undefined) return `sha256:${createHash('sha256').update(request.body).digest('hex')}`;
  if (!DELIVERY_ID.test(given)) throw fail(`its header ${deliveryHeaders[0]} is no id`);
  return given;
}

function readEvent(request: WebhookRequest, { eventHeaders, read }: Dialect): readonly ForgeEvent[] {
  const event = findHeader(request, ...eventHeaders) ?? '';
  if (event === '' && eventHeaders.length > 0) throw fail(`its header ${eventHeaders[0]} is missing`);
  try {
    return [read(event, readJson(request))].flat();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw fail(`${issue?.path.join('.') || 'its body'}: ${quoteIssue(issue?.message)}`, { cause: error });
  }
}

/**
 * Reads a webhook of a forge, sent as JSON or as a form. Whether it comes from there is for {@link isSignedBy} to say, and has to be
 * asked first.
 *
 * `generic` is JSON of our own, signed as this project's own webhooks are: `repository` (an address that git clones), `ref`
 * (`refs/heads/…` or `refs/tags/…`), `commit` (a full id, or null when the ref was deleted), and, if known, `before`, `message`,
 * `author`, `sender` and `changed-paths` (all files that were touched since `before`). Its header `Convox-Delivery` is its id.
 *
 * @throws {WebhookError} it is not what the forge documents
 */
export function readWebhook(kind: ForgeKind, request: WebhookRequest): ForgeWebhook {
  const dialect = DIALECTS[kind];
  const deliveryId = readDeliveryId(request, dialect);
  const [event = { kind: 'ignored', reason: 'nothing was pushed' } as const, ...more] = readEvent(request, dialect);
  return { deliveryId, event, more };
}
