import { createHash } from 'node:crypto';

import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

import { explainEcrError } from './ecr-error.js';
import { createEcrClient, type EcrRegistry } from './ecr-registry.js';

/** User and password that a registry of ECR takes, for some hours. */
export interface EcrLogin {
  readonly username: string;
  readonly password: string;
}

/** Makes passwords for registries of ECR. */
export interface EcrPasswords {
  /**
   * Finds a password that is good for long enough, or gets a new one. Who asks for the same at the same time waits for one
   * request.
   *
   * @throws {EcrError}
   */
  readonly get: (registry: EcrRegistry) => Promise<EcrLogin>;
}

/** How passwords are kept. */
export interface EcrPasswordsOptions {
  /** How long a password is good for when it is given out, unless that is more than half of its life; default five minutes. */
  readonly goodForMs?: number;
  /** Milliseconds since 1970; by default the clock's. */
  readonly now?: () => number;
}

const GOOD_FOR_MS = 5 * 60_000;

/** How long a password is kept whose end is not to be believed; some imitations of ECR say 2015. */
const DOUBTFUL_MS = 60_000;

interface CachedLogin {
  readonly login: Promise<EcrLogin>;
  /** Milliseconds since 1970; unknown while the request is under way. */
  keepUntil: number;
}

/** GetAuthorizationToken answers `base64(user:password)` (Amazon ECR API Reference, "AuthorizationData"). */
function loginFromToken(token: string): EcrLogin {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw new Error('token without a user');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function requestToken(registry: EcrRegistry) {
  const client = createEcrClient(registry);
  try {
    const { authorizationData: [authorization] = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    const login = loginFromToken(authorization?.authorizationToken ?? '');
    return { login, expiresAtMs: authorization?.expiresAt?.getTime() ?? 0 };
  } catch (error) {
    const action = `get a password for registry "${registry.host}"`;
    throw explainEcrError({ action, permission: 'ecr:GetAuthorizationToken' }, error);
  } finally {
    client.destroy();
  }
}

/** Makes what gets passwords for ECR, and keeps them until shortly before their end, in memory only. */
export function createEcrPasswords({
  goodForMs = GOOD_FOR_MS,
  now = Date.now,
}: EcrPasswordsOptions = {}): EcrPasswords {
  const cache = new Map<string, CachedLogin>();

  const request = (id: string, registry: EcrRegistry): Promise<EcrLogin> => {
    const asked = requestToken(registry);
    const cached: CachedLogin = { login: asked.then(({ login }) => login), keepUntil: Number.POSITIVE_INFINITY };
    cache.set(id, cached);
    const settle = ({ expiresAtMs }: { readonly expiresAtMs: number }) => {
      const livesMs = expiresAtMs - now();
      cached.keepUntil = livesMs > 0 ? expiresAtMs - Math.min(goodForMs, livesMs / 2) : now() + DOUBTFUL_MS;
    };
    asked.then(settle, () => cache.delete(id));
    return cached.login;
  };

  return {
    get: async (registry) => {
      for (const [id, { keepUntil }] of cache) if (keepUntil <= now()) cache.delete(id);
      const id = createHash('sha256')
        .update(JSON.stringify([registry.host, registry.accessKey?.id, registry.accessKey?.secret]))
        .digest('hex');
      return cache.get(id)?.login ?? request(id, registry);
    },
  };
}
