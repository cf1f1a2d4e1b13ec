import { BuildFailure, type Environment, registryHostFromServer } from '@convox-builds/domain';
import type { ImagePullSecret } from '@convox-builds/manifest';

/** Who we are at a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Finds who we are at a host; `undefined`: nobody in particular. */
export type FindLogin = (host: string) => Promise<RegistryLogin | undefined>;

/** Where the logins of a build come from. */
export interface LoginSources {
  readonly pullSecrets: readonly ImagePullSecret[];
  /** The app's. */
  readonly environment: Environment;
  /** What people told the rack. */
  readonly findRackLogin: FindLogin;
}

function loginFromSecret({ registry, username, password }: ImagePullSecret, environment: Environment): RegistryLogin {
  if ('value' in password) return { username, password: password.value };
  const value = environment.get(password.variable);
  if (value !== undefined) return { username, password: value };
  throw new BuildFailure(
    'credentials',
    `Cannot sign in at registry "${registry}": its password is in ${password.variable}, which the app's environment has not`,
  );
}

/**
 * Makes what finds the logins of one build: those of its manifest, then those of the rack. A password is read when a host is
 * asked for, and goes to that host alone; all names of Docker Hub are one.
 */
export function createLoginFinder({ pullSecrets, environment, findRackLogin }: LoginSources): FindLogin {
  return async (host) => {
    const wanted = registryHostFromServer(host);
    const secret = pullSecrets.find(({ registry }) => registryHostFromServer(registry) === wanted);
    return secret === undefined ? findRackLogin(host) : loginFromSecret(secret, environment);
  };
}
