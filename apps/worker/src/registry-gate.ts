import { readFile } from 'node:fs/promises';

import { createTokenIssuer, type RegistryAccess, type TokenIssuer } from '@convox-builds/registry';

import type { Settings } from './settings.js';

const TOKEN_TTL_SECONDS = 300;

type RegistrySettings = Settings['registry'];

/** One thing a token may be good for, e.g. pulling from and pushing to `myapp`. */
export interface TokenScope {
  readonly repository: string;
  readonly actions: readonly ('pull' | 'push')[];
}

/** A bearer token for the rack's registry, as BuildKit wants it. */
export interface RegistryToken {
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly issuedAt: Date;
}

/** Who may do what in which registry. */
export interface RegistryGate {
  /** What the worker itself may do, for copying and tagging. */
  readonly access: RegistryAccess;
  /**
   * A token for a build of `app`: it may push to and pull from its own repository and pull from the mirror, whatever
   * the registry says that it wants. `undefined` when tokens are not ours to mint, or the host is not our registry.
   */
  readonly mintBuildToken: (app: string, host: string, scopes: readonly string[]) => RegistryToken | undefined;
  /** User name and password for a host, for registries with basic authentication; `undefined` for anonymous. */
  readonly credentials: (host: string) => { username: string; password: string } | undefined;
}

/** Reads `repository:<name>:<actions>` (distribution's token scopes); anything else is left out. */
function parseScope(scope: string): { repository: string; actions: string[] } | undefined {
  const match = /^repository(?:\([a-z]+\))?:(.+):([a-z,*]+)$/.exec(scope);
  const [, repository, actions] = match ?? [];
  return repository === undefined || actions === undefined ? undefined : { repository, actions: actions.split(',') };
}

function allowedScopes(app: string, scopes: readonly string[], mirrorPath: string): TokenScope[] {
  return scopes.flatMap((scope): TokenScope[] => {
    const { repository, actions } = parseScope(scope) ?? { repository: '', actions: [] };
    const isOwn = repository === app;
    const isMirror = mirrorPath !== '' && repository.startsWith(`${mirrorPath}/`);
    const allowed = (['pull', 'push'] as const).filter(
      (action) => actions.includes(action) && (isOwn || (isMirror && action === 'pull')),
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

  const issue = (subject: string, access: TokenScope[]) =>
    issuer?.issue({ subject, access, ttlSeconds: TOKEN_TTL_SECONDS });
  const credentials = (host: string) => (host === ownHost && username !== '' ? { username, password } : undefined);

  return {
    credentials,
    mintBuildToken: (app, host, scopes) =>
      host === ownHost ? issue(`build of ${app}`, allowedScopes(app, scopes, mirrorPath)) : undefined,
    access: {
      isPlainHttp: (host) => isPlainHttp && host === ownHost,
      mirrors: (host) => (host === 'docker.io' && dockerHubMirror !== '' ? [dockerHubMirror] : []),
      credentials: async (host, scope) => {
        if (host !== ownHost || issuer === undefined) return credentials(host);
        const actions = (['pull', 'push'] as const).filter((action) => scope.actions.includes(action));
        return issue('worker', [{ repository: scope.repository, actions }]);
      },
    },
  };
}
