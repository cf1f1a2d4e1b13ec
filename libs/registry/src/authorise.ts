import { z } from 'zod';

import { type Challenge, parseChallenge } from './challenge.js';
import type { RegistryAccess, RegistryCredentials, RegistryScope } from './registry-access.js';
import { codeFromStatus, RegistryError } from './registry-error.js';

const TOKEN_TIMEOUT_MS = 30_000;

const tokenSchema = z
  .object({ token: z.string().optional(), access_token: z.string().optional() })
  .transform(({ token, access_token }) => token ?? access_token)
  .pipe(z.string().min(1));

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Asks the realm of a challenge for a token (distribution, "Token Authentication Specification"). */
async function fetchToken(
  challenge: Challenge,
  scope: string,
  credentials: RegistryCredentials | undefined,
): Promise<string> {
  const url = new URL(challenge.parameters.get('realm') ?? '');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('the token realm is no web address');
  const service = challenge.parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  const headers: Record<string, string> = {};
  if (credentials !== undefined && 'username' in credentials) {
    headers['authorization'] = basic(credentials.username, credentials.password);
  }
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS) });
  if (!response.ok) throw new RegistryError(codeFromStatus(response.status), `no token: status ${response.status}`);
  return tokenSchema.parse(await response.json());
}

/**
 * Makes the `Authorization` header that a registry's challenge asks for; `undefined` when there is nothing to offer.
 *
 * @throws {RegistryError} when the realm refuses
 */
export async function authorise(
  header: string,
  { host, scope, access }: { host: string; scope: RegistryScope; access: RegistryAccess },
): Promise<string | undefined> {
  const challenge = parseChallenge(header);
  const credentials = await access.credentials(host, scope);
  if (credentials !== undefined && 'token' in credentials) return `Bearer ${credentials.token}`;
  if (challenge.scheme === 'bearer') {
    const wanted = `repository:${scope.repository}:${scope.actions.join(',')}`;
    return `Bearer ${await fetchToken(challenge, wanted, credentials)}`;
  }
  return credentials === undefined ? undefined : basic(credentials.username, credentials.password);
}
