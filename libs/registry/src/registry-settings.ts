import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import type { RegistryAccess } from './registry-access.js';
import { createTokenIssuer, type TokenIssuer } from './token-issuer.js';

/** The environment variables by which a process finds the rack's registry, but for `REGISTRY_HOST`. */
export const registryVariables = {
  REGISTRY_PLAIN_HTTP: z.enum(['true', 'false']).default('false'),
  REGISTRY_USERNAME: z.string().default(''),
  REGISTRY_PASSWORD: z.string().default(''),
  /** With these two the registry's tokens are minted by the process itself, for what it is about to do. */
  REGISTRY_TOKEN_KEY_FILE: z.string().default(''),
  REGISTRY_TOKEN_CERTIFICATE_FILE: z.string().default(''),
  REGISTRY_SERVICE: z.string().default('convox-builds'),
} as const;

/** Where the rack's registry is, and who we are there. Texts are `''` when unset. */
export interface RegistrySettings {
  /** Host and port. */
  readonly host: string;
  readonly isPlainHttp: boolean;
  readonly username: string;
  readonly password: string;
  readonly tokenKeyFile: string;
  readonly tokenCertificateFile: string;
  readonly service: string;
}

/** Names the variables as the code does. */
export function registrySettingsFrom(
  variables: z.output<z.ZodObject<typeof registryVariables>> & { readonly REGISTRY_HOST: string },
): RegistrySettings {
  return {
    host: variables.REGISTRY_HOST,
    isPlainHttp: variables.REGISTRY_PLAIN_HTTP === 'true',
    username: variables.REGISTRY_USERNAME,
    password: variables.REGISTRY_PASSWORD,
    tokenKeyFile: variables.REGISTRY_TOKEN_KEY_FILE,
    tokenCertificateFile: variables.REGISTRY_TOKEN_CERTIFICATE_FILE,
    service: variables.REGISTRY_SERVICE,
  };
}

type KeySettings = Pick<RegistrySettings, 'tokenKeyFile' | 'tokenCertificateFile' | 'service'>;

/** Loads the rack's key; `undefined` when the registry has another way to know people. */
export async function loadTokenIssuer(settings: KeySettings): Promise<TokenIssuer | undefined> {
  const { tokenKeyFile, tokenCertificateFile, service } = settings;
  if (tokenKeyFile === '' || tokenCertificateFile === '') return undefined;
  const [privateKeyPem, certificatePem] = await Promise.all([
    readFile(tokenKeyFile, 'utf8'),
    readFile(tokenCertificateFile, 'utf8'),
  ]);
  return createTokenIssuer({ issuer: service, service, privateKeyPem, certificatePem });
}

const TOKEN_TTL_SECONDS = 300;

/** Access to the rack's own registry and to no other: with a token for each thing to be done, or the password. */
export function createOwnRegistryAccess(
  { host: ownHost, isPlainHttp, username, password }: RegistrySettings,
  { issuer, subject }: { issuer: TokenIssuer | undefined; subject: string },
): RegistryAccess {
  return {
    isPlainHttp: (host) => isPlainHttp && host === ownHost,
    mirrors: () => [],
    credentials: async (host, access) => {
      if (host !== ownHost) return undefined;
      if (issuer !== undefined) return issuer.issue({ subject, access, ttlSeconds: TOKEN_TTL_SECONDS });
      return username === '' ? undefined : { username, password };
    },
  };
}
