import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';

import type { RegistryScope } from './registry-access.js';

/** Signs tokens that a registry accepts. */
export interface TokenIssuer {
  /** Makes a token that is good for `access`, and nothing else, for `ttlSeconds`. */
  readonly issue: (grant: TokenGrant) => IssuedToken;
}

/** What a token is to be good for. */
export interface TokenGrant {
  /** Who gets it; the registry logs it. */
  readonly subject: string;
  readonly access: readonly RegistryScope[];
  readonly ttlSeconds: number;
}

/** A token. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly issuedAt: Date;
}

/** What the registry is told in its configuration, and the key to what it trusts. */
export interface TokenIssuerOptions {
  readonly issuer: string;
  readonly service: string;
  /** EC key, P-256. */
  readonly privateKeyPem: string;
  /** Certificate of that key, which the registry has as `rootcertbundle`. */
  readonly certificatePem: string;
}

/** Clocks of different machines differ. */
const CLOCK_SKEW_SECONDS = 60;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes an issuer (distribution, "Token Authentication Implementation": ES256, the certificate in `x5c`). */
export function createTokenIssuer({ issuer, service, privateKeyPem, certificatePem }: TokenIssuerOptions): TokenIssuer {
  const key = createPrivateKey(privateKeyPem);
  const header = encode({
    typ: 'JWT',
    alg: 'ES256',
    x5c: [new X509Certificate(certificatePem).raw.toString('base64')],
  });
  return {
    issue: ({ subject, access, ttlSeconds }) => {
      const issuedAt = new Date();
      const now = Math.floor(issuedAt.getTime() / 1000);
      const claims = encode({
        iss: issuer,
        aud: service,
        sub: subject,
        jti: randomUUID(),
        iat: now,
        nbf: now - CLOCK_SKEW_SECONDS,
        exp: now + ttlSeconds,
        access: access.map(({ repository, actions }) => ({ type: 'repository', name: repository, actions })),
      });
      const signature = sign('sha256', Buffer.from(`${header}.${claims}`), { key, dsaEncoding: 'ieee-p1363' });
      return {
        token: `${header}.${claims}.${signature.toString('base64url')}`,
        expiresInSeconds: ttlSeconds,
        issuedAt,
      };
    },
  };
}
