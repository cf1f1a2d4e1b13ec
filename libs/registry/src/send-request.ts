import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { authorise } from './authorise.js';
import { readBounded } from './read-bounded.js';
import type { RegistryAccess, RegistryScope } from './registry-access.js';
import { codeFromStatus, RegistryError } from './registry-error.js';

const MAX_TRIES = 5;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 15_000;

/** A request to a registry's API. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly host: string;
  /** Path with its query, or a whole address that the registry told us. */
  readonly path: string;
  readonly scope: RegistryScope;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Opens a body to stream; called once for each try. */
  readonly openBody?: () => Promise<Readable>;
  /** Statuses that are no failure besides 2xx. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests, proves who we are when asked, and tries again what may pass. */
export interface RequestSender {
  send(request: RegistryRequest): Promise<Response>;
}

function isRetryable(response: Response): boolean {
  return response.status === 429 || response.status >= 500;
}

function delayMs(tries: number, retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? '');
  const asked = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  const own = FIRST_DELAY_MS * 2 ** (tries - 1) * (0.5 + Math.random());
  return Math.min(Math.max(asked, own), MAX_DELAY_MS);
}

/** What an error message needs of an answer. */
const MAX_FAILURE_BYTES = 64 * 1024;

async function describeFailure(response: Response): Promise<string> {
  const body = await readBounded(response, MAX_FAILURE_BYTES).catch(() => Buffer.alloc(0));
  const text = body.toString('utf8').slice(0, 300).replace(/\s+/g, ' ').trim();
  return `status ${response.status}${text === '' ? '' : `: ${text}`}`;
}

/** Makes the sender that a registry client uses. Authorisations are kept per host and scope until they are refused. */
export function createRequestSender(access: RegistryAccess): RequestSender {
  const authorisations = new Map<string, string>();

  async function once(request: RegistryRequest): Promise<Response> {
    const { method, host, path, scope, headers, openBody, body, signal } = request;
    const origin = `${access.isPlainHttp(host) ? 'http' : 'https'}://${host}`;
    const url = new URL(path, origin);
    const key = `${host} ${scope.repository} ${scope.actions.join(',')}`;
    for (let isSecondTry = false; ; isSecondTry = true) {
      const authorization = url.origin === new URL(origin).origin ? authorisations.get(key) : undefined;
      const stream = openBody === undefined ? undefined : await openBody();
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
        ...(body === undefined ? {} : { body }),
        ...(stream === undefined ? {} : { body: Readable.toWeb(stream) as ReadableStream, duplex: 'half' as const }),
        signal: signal ?? null,
      });
      const challenge = response.headers.get('www-authenticate');
      if (response.status !== 401 || isSecondTry || challenge === null) return response;
      await response.body?.cancel();
      const fresh = await authorise(challenge, { host, scope, access });
      if (fresh === undefined) return response;
      authorisations.set(key, fresh);
    }
  }

  async function tryOnce(request: RegistryRequest): Promise<Response> {
    try {
      return await once(request);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof RegistryError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      // A name server that is away says EAI_AGAIN: trying again does not make this one known.
      if (cause.includes('ENOTFOUND'))
        throw new RegistryError('not-found', `Cannot find registry "${request.host}": no such host`, { cause: error });
      throw new RegistryError('unavailable', `Cannot reach registry "${request.host}": ${cause}`, { cause: error });
    }
  }

  async function send(request: RegistryRequest): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const outcome = await tryOnce(request).catch((error: unknown) => error);
      const isLast = tries === MAX_TRIES;
      if (outcome instanceof Response && (outcome.ok || request.accept?.includes(outcome.status) === true))
        return outcome;
      if (outcome instanceof Response) {
        const message = `Cannot ${request.method} "${request.host}/${request.scope.repository}": ${await describeFailure(outcome)}`;
        if (isLast || !isRetryable(outcome))
          throw new RegistryError(codeFromStatus(outcome.status), message, { status: outcome.status });
      } else if (isLast || !(outcome instanceof RegistryError) || outcome.code !== 'unavailable') throw outcome;
      const retryAfter = outcome instanceof Response ? outcome.headers.get('retry-after') : null;
      await sleep(delayMs(tries, retryAfter), undefined, { signal: request.signal });
    }
  }

  return { send };
}
