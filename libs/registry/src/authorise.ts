import { z } from 'zod';

import { type Challenge, parseChallenge } from './challenge.js';
import { readBounded } from './read-bounded.js';
import type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
import { codeFromStatus, RegistryError } from './registry-error.js';
import { readRetryAfter } from './retry-after.js';

const TOKEN_TIMEOUT_MS = 30_000;
const MAX_TOKEN_BYTES = 1024 * 1024;

const tokenSchema = z
  .object({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string().min(1));

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

function tokenUrl(
  { parameters }: Challenge,
  { scopes, isPlainHttp }: { scopes: readonly RegistryScope[]; isPlainHttp: boolean },
): URL {
  const realm = parameters.get('realm') ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    throw new RegistryError('invalid', 'the token server that it names has no web address');
  }
  if (url.protocol === 'http:' && !isPlainHttp) {
    throw new RegistryError('invalid', 'the token server that it names would get the password without TLS');
  }
  const service = parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  for (const { repository, actions } of scopes) {
    url.searchParams.append('scope', `repository:${repository}:${actions.join(',')}`);
  }
  return url;
}

async function readToken(response: Response): Promise<string> {
  try {
    return tokenSchema.parse(JSON.parse((await readBounded(response, MAX_TOKEN_BYTES)).toString('utf8')));
  } catch (error) {
    throw new RegistryError('invalid', 'its token server answers what is no token', { cause: error });
  }
}

/** Asks the realm of a challenge for a token (distribution, "Token Authentication Specification"). */
async function fetchToken(
  url: URL,
  { credentials, signal }: { credentials: RegistryCredentials | undefined; signal: AbortSignal | undefined },
): Promise<string> {
  const timeout = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
  const headers: Record<string, string> = {};
  if (credentials !== undefined && 'username' in credentials) {
    headers['authorization'] = basic(credentials.username, credentials.password);
  }
  const within = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const response = await fetch(url, { headers, signal: within }).catch((error) => {
    signal?.throwIfAborted();
    throw new RegistryError('unavailable', 'its token server does not answer', { cause: error });
  });
  if (response.ok) return readToken(response);
  const { status } = response;
  const retryAfterMs = readRetryAfter(response);
  throw new RegistryError(codeFromStatus(status), `its token server answers status ${status}`, {
    status,
    retryAfterMs,
  });
}

/** What is to be done where, and how we are known there. */
interface AuthorisationRequest {
  readonly host: string;
  readonly scopes: readonly RegistryScope[];
  readonly access: RegistryAccess;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the `Authorization` header that a registry's challenge asks for; `undefined` when there is nothing to offer.
 *
 * @throws {RegistryError} when the realm refuses
 */
export async function authorise(
  header: string,
  { host, scopes, access, signal }: AuthorisationRequest,
): Promise<string | undefined> {
  const challenge = parseChallenge(header);
  const credentials = await access.credentials(host, scopes);
  if (credentials !== undefined && 'token' in credentials) return `Bearer ${credentials.token}`;
  if (challenge.scheme === 'bearer') {
    const isPlainHttp = access.isPlainHttp(host);
    const ask = async () => fetchToken(tokenUrl(challenge, { scopes, isPlainHttp }), { credentials, signal });
    return `Bearer ${await ask().catch(explainFailure(host))}`;
  }
  return credentials === undefined ? undefined : basic(credentials.username, credentials.password);
}

const explainFailure = (host: string) => (error: unknown) => {
  if (!(error instanceof RegistryError)) throw error;
  const { code, status, retryAfterMs } = error;
  const message = `Cannot sign in at registry "${host}": ${error.message}`;
  throw new RegistryError(code, message, { cause: error, status, retryAfterMs });
};
