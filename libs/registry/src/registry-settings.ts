import { readFile } from 'node:fs/promises';

import { parseEcrHost } from '@convox-builds/domain';
import { z } from 'zod';

import type { EcrPasswords } from './ecr/create-ecr-passwords.js';
import type { EcrRegistry } from './ecr/ecr-registry.js';
import type { RegistryAccess } from './registry-access.js';
import { createTokenIssuer, type TokenIssuer } from './token-issuer.js';

/** The environment variables by which a process finds the rack's registry, but for `REGISTRY_HOST`. */
export const registryVariables = {
  REGISTRY_PLAIN_HTTP: z.enum(['true', 'false']).default('false'),
  /** Path that the rack's repositories are below: with `convox` that of app `web` is `convox/web`. */
  REGISTRY_PREFIX: z
    .string()
    .regex(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/|$))*$/, 'is no path of a repository')
    .refine((path) => !path.endsWith('/'), 'ends with a slash')
    .default(''),
  /** At ECR an access key and its secret; without them the process is who its machine or pod is. */
  REGISTRY_USERNAME: z.string().default(''),
  REGISTRY_PASSWORD: z.string().default(''),
  /** With these two the registry's tokens are minted by the process itself, for what it is about to do. */
  REGISTRY_TOKEN_KEY_FILE: z.string().default(''),
  REGISTRY_TOKEN_CERTIFICATE_FILE: z.string().default(''),
  REGISTRY_SERVICE: z.string().default('convox-builds'),
  /** URL of ECR's control plane where it is not that of the host's region; with it the registry is of ECR in any case. */
  ECR_ENDPOINT: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
} as const;

/** Where the rack's registry is, and who we are there. Texts are `''` when unset. */
export interface RegistrySettings {
  /** Host and port. */
  readonly host: string;
  readonly isPlainHttp: boolean;
  /** Path that the repositories of apps are below. */
  readonly prefix: string;
  readonly username: string;
  readonly password: string;
  readonly tokenKeyFile: string;
  readonly tokenCertificateFile: string;
  readonly service: string;
  /** Set when it is of AWS. */
  readonly ecr: EcrRegistry | undefined;
}

type Variables = z.output<z.ZodObject<typeof registryVariables>> & { readonly REGISTRY_HOST: string };

function ecrFrom(variables: Variables): EcrRegistry | undefined {
  const { REGISTRY_HOST: host, REGISTRY_USERNAME: id, REGISTRY_PASSWORD: secret, ECR_ENDPOINT: endpoint } = variables;
  if (endpoint === '' && parseEcrHost(host) === undefined) return undefined;
  return { host, accessKey: id === '' ? undefined : { id, secret }, endpoint: endpoint === '' ? undefined : endpoint };
}

/** Names the variables as the code does. */
export function registrySettingsFrom(variables: Variables): RegistrySettings {
  return {
    host: variables.REGISTRY_HOST,
    isPlainHttp: variables.REGISTRY_PLAIN_HTTP === 'true',
    prefix: variables.REGISTRY_PREFIX,
    username: variables.REGISTRY_USERNAME,
    password: variables.REGISTRY_PASSWORD,
    tokenKeyFile: variables.REGISTRY_TOKEN_KEY_FILE,
    tokenCertificateFile: variables.REGISTRY_TOKEN_CERTIFICATE_FILE,
    service: variables.REGISTRY_SERVICE,
    ecr: ecrFrom(variables),
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

/**
 * Finds with which user and password the rack comes in at its own registry, at the moment when they are needed: those of ECR
 * change. `undefined`: it needs none, or has tokens.
 */
export type OwnLogin = () => Promise<{ username: string; password: string } | undefined>;

/** Makes what finds the rack's login at its own registry; it throws an {@link EcrError} when AWS gives none. */
export function createOwnLogin(
  { ecr, username, password }: Pick<RegistrySettings, 'ecr' | 'username' | 'password'>,
  ecrPasswords: EcrPasswords,
): OwnLogin {
  if (ecr !== undefined) return () => ecrPasswords.get(ecr);
  return async () => (username === '' ? undefined : { username, password });
}

const TOKEN_TTL_SECONDS = 300;

/** Access to the rack's own registry and to no other: with a token for each thing to be done, or the password. */
export function createOwnRegistryAccess(
  { host: ownHost, isPlainHttp }: Pick<RegistrySettings, 'host' | 'isPlainHttp'>,
  { issuer, login, subject }: { issuer: TokenIssuer | undefined; login: OwnLogin; subject: string },
): RegistryAccess {
  return {
    isPlainHttp: (host) => isPlainHttp && host === ownHost,
    mirrors: () => [],
    credentials: async (host, access) => {
      if (host !== ownHost) return undefined;
      return issuer === undefined ? login() : issuer.issue({ subject, access, ttlSeconds: TOKEN_TTL_SECONDS });
    },
  };
}
