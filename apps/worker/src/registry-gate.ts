import { isLoopbackHost } from '@convox-builds/domain';
import {
  createOwnLogin,
  type EcrPasswords,
  type IssuedToken,
  loadTokenIssuer,
  type OwnLogin,
  parseTokenScope,
  type RackRepositories,
  type RegistryAccess,
  type RegistryScope,
  type Repository,
} from '@convox-builds/registry';

import type { BuildFence } from './build-fence/create-build-fence.js';
import type { FindLogin } from './images/registry-logins.js';
import type { Settings } from './settings.js';

const TOKEN_TTL_SECONDS = 300;

type RegistrySettings = Settings['registry'];

/** Who may do what in which registry. */
export interface RegistryGate {
  /** What the worker itself may do, for tagging. */
  readonly access: RegistryAccess;
  /** What the worker may do for a build of `app` when it copies images: no more than the build itself, see `mintBuildToken`. */
  readonly accessForBuild: (app: string, findLogin: FindLogin) => RegistryAccess;
  /**
   * Why a build of `app` may not read an image: it is of another app, or its registry is an inward address. `undefined`: it may.
   * Where one password opens all repositories of the rack's registry, it is this that keeps apps apart.
   */
  readonly refuseImage: (app: string, image: Repository) => Promise<string | undefined>;
  /**
   * A token for a build of `app`: it may push to and pull from its own repository and pull from the mirror, whatever
   * the registry says that it wants.
   */
  readonly mintBuildToken: (app: string, scopes: readonly string[]) => IssuedToken | undefined;
  /** Whether a host's tokens are ours to mint. */
  readonly isTokenHost: (host: string) => boolean;
  /** User name and password for a host, for registries with basic authentication; `undefined` for anonymous. */
  readonly credentials: (host: string) => ReturnType<OwnLogin>;
}

/** What a build may do of what the registry says that it wants: its own repository, and reading from the mirror. */
function allowedScopes(own: string, scopes: readonly RegistryScope[], mirrorPath: string): RegistryScope[] {
  return scopes.flatMap(({ repository, actions }) => {
    const isMirror = isBelow(mirrorPath, repository);
    const allowed = actions.filter((action) =>
      repository === own ? action !== 'delete' : isMirror && action === 'pull',
    );
    return allowed.length === 0 ? [] : [{ repository, actions: allowed }];
  });
}

const isBelow = (path: string, repository: string) => path !== '' && repository.startsWith(`${path}/`);

/** What the gate needs to know who the rack is, and where its apps are. */
export interface RegistryGateParts {
  readonly repositories: Pick<RackRepositories, 'repositoryOf'>;
  readonly ecrPasswords: EcrPasswords;
  readonly fence: Pick<BuildFence, 'refuseRegistry' | 'findGuard'>;
}

/** Sets up access to registries as the worker's settings say. */
export async function createRegistryGate(
  registry: RegistrySettings,
  { repositories, ecrPasswords, fence }: RegistryGateParts,
): Promise<RegistryGate> {
  const { host: ownHost, isPlainHttp, prefix, dockerHubMirror } = registry;
  const issuer = await loadTokenIssuer(registry);
  const login = createOwnLogin(registry, ecrPasswords);
  const mirrorPath = dockerHubMirror.startsWith(`${ownHost}/`) ? dockerHubMirror.slice(ownHost.length + 1) : '';

  const root = prefix === '' ? '' : `${prefix}/`;
  /** Whose a repository is; one that is deeper, or beside the prefix, is no app's. */
  const findApp = (repository: string) => {
    const [name, ...below] = repository.startsWith(root) ? repository.slice(root.length).split('/') : [];
    return below.length === 0 ? name : undefined;
  };
  const nameOf = (app: string) => repositories.repositoryOf(app).repository;
  const issue = (subject: string, access: readonly RegistryScope[]) =>
    issuer?.issue({ subject, access, ttlSeconds: TOKEN_TTL_SECONDS });
  const issueForBuild = (app: string, scopes: readonly RegistryScope[]) =>
    issue(`build of ${app}`, allowedScopes(nameOf(app), scopes, mirrorPath));
  const credentials = async (host: string) => (host === ownHost ? login() : undefined);
  const reach = {
    isPlainHttp: (host: string) => (host === ownHost ? isPlainHttp : isLoopbackHost(host)),
    mirrors: (host: string) => (host === 'docker.io' && dockerHubMirror !== '' ? [dockerHubMirror] : []),
  };

  return {
    credentials,
    isTokenHost: (host) => host === ownHost && issuer !== undefined,
    mintBuildToken: (app, scopes) =>
      issueForBuild(
        app,
        scopes.flatMap((scope) => parseTokenScope(scope) ?? []),
      ),
    refuseImage: async (app, { registry: host, repository }) => {
      if (host === ownHost && (findApp(repository) ?? app) !== app) return 'it belongs to another app of the rack';
      return fence.refuseRegistry(host);
    },
    access: {
      ...reach,
      credentials: async (host, scopes) => {
        if (host !== ownHost || issuer === undefined) return credentials(host);
        return issue('worker', scopes);
      },
    },
    accessForBuild: (app, findLogin) => ({
      ...reach,
      findGuard: fence.findGuard,
      credentials: async (host, scopes) => {
        if (host !== ownHost) return findLogin(host);
        return issuer === undefined ? credentials(host) : issueForBuild(app, scopes);
      },
    }),
  };
}
