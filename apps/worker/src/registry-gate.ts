import { readFile } from 'node:fs/promises';

import {
  createTokenIssuer,
  type IssuedToken,
  parseTokenScope,
  type RegistryAccess,
  type RegistryScope,
  type TokenIssuer,
} from '@convox-builds/registry';

import type { Settings } from './settings.js';

const TOKEN_TTL_SECONDS = 300;

type RegistrySettings = Settings['registry'];

/** Who may do what in which registry. */
export interface RegistryGate {
  /** What the worker itself may do, for copying and tagging. */
  readonly access: RegistryAccess;
  /**
   * A token for a build of `app`: it may push to and pull from its own repository and pull from the mirror, whatever
   * the registry says that it wants.
   */
  readonly mintBuildToken: (app: string, scopes: readonly string[]) => IssuedToken | undefined;
  /** Whether a host's tokens are ours to mint. */
  readonly isTokenHost: (host: string) => boolean;
  /** User name and password for a host, for registries with basic authentication; `undefined` for anonymous. */
  readonly credentials: (host: string) => { username: string; password: string } | undefined;
}

/** What a build may do of what the registry says that it wants: its own repository, and reading from the mirror. */
function allowedScopes(app: string, scopes: readonly string[], mirrorPath: string): RegistryScope[] {
  return scopes.flatMap((text) => {
    const { repository, actions } = parseTokenScope(text) ?? { repository: '', actions: [] };
    const isMirror = mirrorPath !== '' && repository.startsWith(`${mirrorPath}/`);
    const allowed = actions.filter((action) =>
      repository === app ? action !== 'delete' : isMirror && action === 'pull',
    );
    return allowed.length === 0 ? [] : [{ repository, actions: allowed }];
  });
}

async function loadIssuer(registry: RegistrySettings): Promise<TokenIssuer | undefined> {
  const { tokenKeyFile, tokenCertificateFile, service } = registry;
  if (tokenKeyFile === '') return undefined;
  const [privateKeyPem, certificatePem] = await Promise.all([
    readFile(tokenKeyFile, 'utf8'),
    readFile(tokenCertificateFile, 'utf8'),
  ]);
  return createTokenIssuer({ issuer: service, service, privateKeyPem, certificatePem });
}

/** Sets up access to registries as the worker's settings say. */
export async function createRegistryGate(registry: RegistrySettings): Promise<RegistryGate> {
  const { host: ownHost, isPlainHttp, username, password, dockerHubMirror } = registry;
  const issuer = await loadIssuer(registry);
  const mirrorPath = dockerHubMirror.startsWith(`${ownHost}/`) ? dockerHubMirror.slice(ownHost.length + 1) : '';

  const issue = (subject: string, access: readonly RegistryScope[]) =>
    issuer?.issue({ subject, access, ttlSeconds: TOKEN_TTL_SECONDS });
  const credentials = (host: string) => (host === ownHost && username !== '' ? { username, password } : undefined);

  return {
    credentials,
    isTokenHost: (host) => host === ownHost && issuer !== undefined,
    mintBuildToken: (app, scopes) => issue(`build of ${app}`, allowedScopes(app, scopes, mirrorPath)),
    access: {
      isPlainHttp: (host) => isPlainHttp && host === ownHost,
      mirrors: (host) => (host === 'docker.io' && dockerHubMirror !== '' ? [dockerHubMirror] : []),
      credentials: async (host, scope) => {
        if (host !== ownHost || issuer === undefined) return credentials(host);
        return issue('worker', [scope]);
      },
    },
  };
}
