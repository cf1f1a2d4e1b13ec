import { createHash } from 'node:crypto';

import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

import { EcrError, explainEcrError } from './ecr-error.js';

/** An access key of AWS, and the registry of ECR that it is for. */
export interface EcrKey {
  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  readonly host: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** User and password that a registry of ECR takes, for some hours. */
export interface EcrLogin {
  readonly username: string;
  readonly password: string;
}

/** Makes passwords for registries of ECR from access keys. */
export interface EcrPasswords {
  /**
   * Finds a password that is still good, or gets a new one. Who asks for the same at the same time waits for one request.
   *
   * @throws {EcrError}
   */
  readonly get: (key: EcrKey) => Promise<EcrLogin>;
}

/** How ECR is reached. */
export interface EcrPasswordsOptions {
  /** URL of the control plane; by default that of the registry's region. */
  readonly endpoint?: string;
  /** Milliseconds since 1970; by default the clock's. */
  readonly now?: () => number;
}

/** A password is given up while it still lasts this long, so that none ends on its way. */
const MARGIN_MS = 5 * 60_000;

/** How long a password is kept whose end is not to be believed; some imitations of ECR say 2015. */
const DOUBTFUL_MS = 60_000;

/** With the SDK's growing pauses, up to 20 seconds each, these take less than a minute. */
const MAX_ATTEMPTS = 5;

interface CachedLogin {
  readonly login: Promise<EcrLogin>;
  /** Milliseconds since 1970; unknown while the request is under way. */
  keepUntil: number;
}

function regionFromHost(host: string): string {
  const region = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1];
  if (region === undefined)
    throw new EcrError('refused', `Cannot get a password for registry "${host}": it is not of ECR`);
  return region;
}

/** GetAuthorizationToken answers `base64(user:password)` (Amazon ECR API Reference, "AuthorizationData"). */
function loginFromToken(token: string): EcrLogin {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) throw new Error('token without a user');
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function requestToken({ host, accessKeyId, secretAccessKey }: EcrKey, endpoint: string | undefined) {
  const client = new ECRClient({
    region: regionFromHost(host),
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: MAX_ATTEMPTS,
    useFipsEndpoint: host.includes('.ecr-fips.'),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    const { authorizationData: [authorization] = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    const login = loginFromToken(authorization?.authorizationToken ?? '');
    return { login, expiresAtMs: authorization?.expiresAt?.getTime() ?? 0 };
  } catch (error) {
    throw explainEcrError(host, error);
  } finally {
    client.destroy();
  }
}

/** Makes what gets passwords for ECR, and keeps them until five minutes before their end, in memory only. */
export function createEcrPasswords({ endpoint, now = Date.now }: EcrPasswordsOptions = {}): EcrPasswords {
  const cache = new Map<string, CachedLogin>();

  const request = (id: string, key: EcrKey): Promise<EcrLogin> => {
    const asked = requestToken(key, endpoint);
    const cached: CachedLogin = { login: asked.then(({ login }) => login), keepUntil: Number.POSITIVE_INFINITY };
    cache.set(id, cached);
    const settle = ({ expiresAtMs }: { readonly expiresAtMs: number }) => {
      cached.keepUntil = expiresAtMs > now() ? expiresAtMs - MARGIN_MS : now() + DOUBTFUL_MS;
    };
    asked.then(settle, () => cache.delete(id));
    return cached.login;
  };

  return {
    get: async (key) => {
      for (const [id, { keepUntil }] of cache) if (keepUntil <= now()) cache.delete(id);
      const id = createHash('sha256')
        .update(JSON.stringify([key.host, key.accessKeyId, key.secretAccessKey]))
        .digest('hex');
      return cache.get(id)?.login ?? request(id, key);
    },
  };
}
