import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { type FindAddress, HostError } from '@convox-builds/domain';

import { authorise } from './authorise.js';
import { describeRefusal } from './describe-refusal.js';
import { readBounded } from './read-bounded.js';
import type { RegistryAccess, RegistryScope } from './registry-access.js';
import { codeFromStatus, RegistryError } from './registry-error.js';
import { readRetryAfter } from './retry-after.js';
import { type Answer, sendAndFollow } from './send-and-follow.js';
import { sendUpload } from './send-upload.js';

const MAX_TRIES = 5;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 15_000;
/** Whoever asks for more than that is not waited for. */
const MAX_ASKED_MS = 5 * 60_000;

/** A request to a registry's API. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly host: string;
  /** Path with its query, or a whole address that the registry told us. */
  readonly path: string;
  readonly scope: RegistryScope;
  /** A repository of the same registry that is read from at the same time. */
  readonly readsFrom?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Opens a body to stream; called once for each try. */
  readonly openBody?: () => Promise<Readable>;
  /** How often it may be sent; default 5. Once, when its body can be read only once. */
  readonly maxTries?: number;
  /** Statuses that are no failure besides 2xx. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests, proves who we are when asked, and tries again what may pass. */
export interface RequestSender {
  send(request: RegistryRequest): Promise<Response>;
}

/** Grows with the tries, unless the registry says how long: that is waited out, or it is no use to wait. */
function delayMs(tries: number, retryAfterMs: number | undefined): number {
  const own = Math.min(FIRST_DELAY_MS * 2 ** (tries - 1) * (0.5 + Math.random()), MAX_DELAY_MS);
  return Math.max(own, retryAfterMs ?? 0);
}

/** What an error message needs of an answer. */
const MAX_FAILURE_BYTES = 64 * 1024;

async function describeFailure(response: Response): Promise<string> {
  const body = await readBounded(response, MAX_FAILURE_BYTES).catch(() => Buffer.alloc(0));
  const text = describeRefusal(body.toString('utf8'));
  return `status ${response.status}${text === '' ? '' : `: ${text}`}`;
}

function scopesOf({ scope, readsFrom }: RegistryRequest): RegistryScope[] {
  return readsFrom === undefined ? [scope] : [scope, { repository: readsFrom, actions: ['pull'] }];
}

/** What a registry's refusal to be asked so often means for whoever waits. */
function explainLimit(host: string, retryAfterMs: number | undefined): string {
  const wait = retryAfterMs === undefined ? '' : `, for another ${Math.ceil(retryAfterMs / 1000)} seconds`;
  return `registry "${host}" limits how often it may be asked${wait}; a login for it may raise the limit`;
}

async function failureFrom(response: Response, { method, host, scope }: RegistryRequest): Promise<RegistryError> {
  const { status } = response;
  const retryAfterMs = readRetryAfter(response);
  const what = `Cannot ${method} "${host}/${scope.repository}": ${await describeFailure(response)}`;
  const message = status === 429 ? `${what}: ${explainLimit(host, retryAfterMs)}` : what;
  return new RegistryError(codeFromStatus(status), message, { status, retryAfterMs });
}

/** Of a host with several addresses each failure has a message, and all of them together have none. */
function describeSilence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

/** Says what kept an answer from coming; what the source of an upload or a signal says stays as it is. */
function explainSilence(error: unknown, { host, signal }: RegistryRequest): RegistryError {
  signal?.throwIfAborted();
  if (error instanceof RegistryError) return error;
  if (error instanceof HostError)
    return new RegistryError(error.code, `Cannot ask registry "${host}": ${error.message}`, { cause: error });
  const cause = describeSilence(error);
  // A name server that is away says EAI_AGAIN: trying again does not make this one known.
  if (cause.includes('ENOTFOUND'))
    return new RegistryError('not-found', `Cannot find registry "${host}": no such host`, { cause: error });
  return new RegistryError('unavailable', `Cannot reach registry "${host}": ${cause}`, { cause: error });
}

async function sendOnce(
  url: URL,
  request: RegistryRequest,
  { authorization, findAddress }: { authorization?: string | undefined; findAddress: FindAddress | undefined },
): Promise<Answer> {
  const { method, openBody, body, signal } = request;
  const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
  const sent = { method, headers, signal, findAddress };
  try {
    if (openBody === undefined) return await sendAndFollow(url, { ...sent, body });
    return { response: await sendUpload(url, { ...sent, openBody }), origin: url.origin };
  } catch (error) {
    throw explainSilence(error, request);
  }
}

/** What the registry itself wants to know; where it has redirected us, nobody may ask who we are. */
function findChallenge({ response, origin }: Answer, ofRegistry: string): string | undefined {
  if (response.status !== 401 || origin !== ofRegistry) return undefined;
  return response.headers.get('www-authenticate') ?? undefined;
}

/** Makes the sender that a registry client uses. Authorisations are kept per host and scope until they are refused. */
export function createRequestSender(access: RegistryAccess): RequestSender {
  const authorisations = new Map<string, string>();

  async function ask(request: RegistryRequest): Promise<Response> {
    const { host, path } = request;
    const scopes = scopesOf(request);
    const { origin } = new URL(`${access.isPlainHttp(host) ? 'http' : 'https'}://${host}`);
    const url = new URL(path, origin);
    const findAddress = await access.findGuard?.(host);
    // The registry may have named another place, for an upload.
    if (url.origin !== origin) return (await sendOnce(url, request, { findAddress })).response;
    const key = [host, ...scopes.map(({ repository, actions }) => `${repository}:${actions.join(',')}`)].join(' ');
    for (let isSecondTry = false; ; isSecondTry = true) {
      const answer = await sendOnce(url, request, { authorization: authorisations.get(key), findAddress });
      const { response } = answer;
      // To a password that ran out ECR says 403; what it asks for it says to who has none.
      if (response.status === 403 && !isSecondTry && authorisations.delete(key)) {
        await response.body?.cancel();
        return ask(request);
      }
      const challenge = findChallenge(answer, origin);
      if (isSecondTry || challenge === undefined) return response;
      await response.body?.cancel();
      const fresh = await authorise(challenge, { host, scopes, access, signal: request.signal });
      if (fresh === undefined) return response;
      authorisations.set(key, fresh);
    }
  }

  async function send(request: RegistryRequest): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const outcome = await ask(request).catch((error: unknown) => error);
      if (outcome instanceof Response && (outcome.ok || request.accept?.includes(outcome.status) === true))
        return outcome;
      const failure = outcome instanceof Response ? await failureFrom(outcome, request) : outcome;
      const isPassing = failure instanceof RegistryError && failure.code === 'unavailable';
      if (!isPassing || tries >= (request.maxTries ?? MAX_TRIES) || (failure.retryAfterMs ?? 0) > MAX_ASKED_MS)
        throw failure;
      await sleep(delayMs(tries, failure.retryAfterMs), undefined, { signal: request.signal });
    }
  }

  return { send };
}
