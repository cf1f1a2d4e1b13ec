import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { ForgeKind } from './forge-event.js';
import { findHeader, isForm, readFormPayload, type WebhookRequest } from './webhook-request.js';

/** A webhook and the time at which it came. */
export interface SignedRequest extends WebhookRequest {
  readonly now: Date;
}

type IsProven = (request: SignedRequest, secret: string) => boolean;

/** How old a signature with a time may be, and how far ahead the sender's clock. */
const REPLAY_WINDOW_SECONDS = 300;
const STANDARD_PREFIX = 'whsec_';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Digests have one length, so that the time tells nothing about either text. */
const isEqual = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

const sign = (key: string | Buffer, ...pieces: readonly (string | Buffer)[]) =>
  pieces.reduce((hmac, piece) => hmac.update(piece), createHmac('sha256', key));

const isRecent = (seconds: string | undefined, now: Date) =>
  seconds !== undefined &&
  /^\d{1,12}$/.test(seconds) &&
  Math.abs(now.getTime() / 1000 - Number(seconds)) <= REPLAY_WINDOW_SECONDS;

/** GitHub: "Validating webhook deliveries". Bitbucket has the same under the name of GitHub's older header. */
const isProvenByHub =
  (header: string): IsProven =>
  (request, secret) =>
    isEqual(findHeader(request, header) ?? '', `sha256=${sign(secret, request.body).digest('hex')}`);

/** Gitea signs the JSON, also where it sends a form (`services/webhook/deliver.go`); Forgejo does as Gitea does. */
const isProvenByGitea: IsProven = (request, secret) => {
  const signed = isForm(request) ? readFormPayload(request) : request.body;
  const signature = findHeader(request, 'x-forgejo-signature', 'x-gitea-signature') ?? '';
  return isEqual(signature, sign(secret, signed).digest('hex'));
};

/** The scheme of standardwebhooks.com, which GitLab has for its signing tokens: `whsec_` and the key in base64. */
const isProvenByStandard: IsProven = (request, secret) => {
  const time = findHeader(request, 'webhook-timestamp');
  if (!secret.startsWith(STANDARD_PREFIX) || !isRecent(time, request.now)) return false;
  const key = Buffer.from(secret.slice(STANDARD_PREFIX.length), 'base64');
  const id = findHeader(request, 'webhook-id') ?? '';
  const expected = `v1,${sign(key, `${id}.${time}.`, request.body).digest('base64')}`;
  return (findHeader(request, 'webhook-signature') ?? '').split(' ').some((signature) => isEqual(signature, expected));
};

/** GitLab's older secret token comes as it is; either of the two is proof. */
const isProvenByGitlab: IsProven = (request, secret) =>
  isEqual(findHeader(request, 'x-gitlab-token') ?? '', secret) || isProvenByStandard(request, secret);

/** `t=<unix seconds>,v1=<hex>` over the time, a dot and the body, as this project's own webhooks are signed. */
const isProvenByOwn: IsProven = (request, secret) => {
  const parts = (findHeader(request, 'convox-signature') ?? '').split(',');
  const time = parts.find((part) => part.startsWith('t='))?.slice(2);
  if (!isRecent(time, request.now)) return false;
  const expected = `v1=${sign(secret, `${time}.`, request.body).digest('hex')}`;
  return parts.some((part) => isEqual(part, expected));
};

const SCHEMES: Readonly<Record<ForgeKind, IsProven>> = {
  github: isProvenByHub('x-hub-signature-256'),
  bitbucket: isProvenByHub('x-hub-signature'),
  gitea: isProvenByGitea,
  gitlab: isProvenByGitlab,
  generic: isProvenByOwn,
};

/**
 * Tells whether a webhook was sent by somebody who knows one of the secrets: several hold while one replaces another. An empty
 * secret proves nothing. How long it takes does not depend on what the secrets or the signature are. Where the scheme has a time
 * in it (`generic`, GitLab's signing tokens) it is believed for five minutes; with the other ones a repeated delivery is known by
 * its id alone.
 */
export function isSignedBy(kind: ForgeKind, secrets: readonly string[], request: SignedRequest): boolean {
  const proofs = secrets.filter((secret) => secret !== '').map((secret) => SCHEMES[kind](request, secret));
  return proofs.includes(true);
}
