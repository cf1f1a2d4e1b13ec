import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

import {
  CredentialsRequest,
  CredentialsResponse,
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from '../generated/github.com/moby/buildkit/session/auth/auth.js';
import { type Attachable, SessionError } from '../session/attachable.js';
import { unary } from '../session/unary.js';

/** A bearer token for a registry. */
export interface MintedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly issuedAt: Date;
}

/** What a registry's challenge asks for. */
export interface TokenRequest {
  readonly host: string;
  readonly realm: string;
  readonly service: string;
  /** E.g. `repository:myapp:pull,push`. What is granted is the minter's decision. */
  readonly scopes: readonly string[];
}

/** Where registry access comes from. Everything is asked for at the moment when the daemon needs it. */
export interface RegistryAuthOptions {
  /** Mints a token for a registry with bearer authentication; `undefined`: not one of ours. */
  readonly mintToken?: (request: TokenRequest) => Promise<MintedToken | undefined>;
  /** Whether {@link RegistryAuthOptions.mintToken} answers for a host. */
  readonly isTokenHost?: (host: string) => boolean;
  /** User name and password for a registry with basic authentication; `undefined`: anonymous. */
  readonly getCredentials?: (host: string) => Promise<{ username: string; password: string } | undefined>;
  /**
   * Who is asking, secret and different for each who may not use the other's tokens: the daemon lets a session reuse a
   * token that an earlier one fetched when it can prove the same identity.
   */
  readonly identity: string;
}

/** The fixed beginning of an ed25519 private key in PKCS #8 (RFC 8410, section 7). */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_KEY_BYTES = 32;

function deriveKey(identity: string, host: string, salt: Uint8Array): KeyObject {
  const seed = createHmac('sha256', salt).update(`${identity} ${host}`).digest();
  return createPrivateKey({ key: Buffer.concat([ED25519_PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-ED25519_KEY_BYTES);
}

/**
 * Answers buildkitd's questions about registries (moby/buildkit `session/auth`). For hosts whose tokens we mint, the
 * daemon gets a token for what it asks and never a password; for the others, user name and password.
 */
export function registryAuth(options: RegistryAuthOptions): Attachable {
  const { identity, mintToken, getCredentials, isTokenHost = () => mintToken !== undefined } = options;
  // Made anew for each question, a key would take longer than all the rest of its answer.
  const keys = new Map<string, KeyObject>();
  const keyFor = (host: string, salt: Uint8Array) => {
    const name = `${host} ${Buffer.from(salt).toString('hex')}`;
    const key = keys.get(name) ?? deriveKey(identity, host, salt);
    keys.set(name, key);
    return key;
  };
  const assertTokenHost = (host: string) => {
    // The daemon then asks for credentials instead.
    if (!isTokenHost(host)) throw new SessionError('unimplemented', `no tokens for ${host}`);
  };
  return {
    methods: {
      '/moby.filesync.v1.Auth/Credentials': unary(
        { request: CredentialsRequest, response: CredentialsResponse },
        async ({ Host }) => {
          const credentials = isTokenHost(Host) ? undefined : await getCredentials?.(Host);
          return { Username: credentials?.username ?? '', Secret: credentials?.password ?? '' };
        },
      ),
      '/moby.filesync.v1.Auth/GetTokenAuthority': unary(
        { request: GetTokenAuthorityRequest, response: GetTokenAuthorityResponse },
        ({ Host, Salt }) => {
          assertTokenHost(Host);
          return { PublicKey: publicBytes(keyFor(Host, Salt)) };
        },
      ),
      '/moby.filesync.v1.Auth/VerifyTokenAuthority': unary(
        { request: VerifyTokenAuthorityRequest, response: VerifyTokenAuthorityResponse },
        ({ Host, Payload, Salt }) => {
          assertTokenHost(Host);
          const signature = sign(null, Payload, keyFor(Host, Salt));
          return { Signed: Buffer.concat([signature, Payload]) };
        },
      ),
      '/moby.filesync.v1.Auth/FetchToken': unary(
        { request: FetchTokenRequest, response: FetchTokenResponse },
        async ({ Host, Realm, Service, Scopes }) => {
          const minted = await mintToken?.({ host: Host, realm: Realm, service: Service, scopes: Scopes });
          if (minted === undefined) throw new SessionError('permission-denied', `no token for ${Host}`);
          return {
            Token: minted.token,
            ExpiresIn: BigInt(minted.expiresInSeconds),
            IssuedAt: BigInt(Math.floor(minted.issuedAt.getTime() / 1000)),
          };
        },
      ),
    },
  };
}
