import { type FindAddress, HostError } from '@convox-builds/domain';
import { z } from 'zod';

import { type Challenge, parseChallenge } from './challenge.js';
import { readBounded } from './read-bounded.js';
import type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
import { codeFromStatus, RegistryError } from './registry-error.js';
import { readRetryAfter } from './retry-after.js';
import { sendAndFollow } from './send-and-follow.js';

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

function explainSilence(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  if (error instanceof HostError) return new RegistryError(error.code, `its token server: ${error.message}`);
  return new RegistryError('unavailable', 'its token server does not answer', { cause: error });
}

interface TokenAsk {
  readonly credentials: RegistryCredentials | undefined;
  readonly findAddress: FindAddress | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Asks the realm of a challenge for a token (distribution, "Token Authentication Specification"). */
async function fetchToken(url: URL, { credentials, findAddress, signal }: TokenAsk): Promise<string> {
  const headers: Record<string, string> = {};
  if (credentials !== undefined && 'username' in credentials) {
    headers['authorization'] = basic(credentials.username, credentials.password);
  }
  const timeout = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
  const within = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const request = { method: 'GET', headers, signal: within, findAddress };
  const { response } = await sendAndFollow(url, request).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw explainSilence(error);
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
    const findAddress = await access.findGuard?.(host);
    const by = { credentials, findAddress, signal };
    const ask = async () => fetchToken(tokenUrl(challenge, { scopes, isPlainHttp }), by);
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
