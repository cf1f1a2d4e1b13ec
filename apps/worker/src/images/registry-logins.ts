import { BuildFailure, type Environment, registryHostFromServer } from '@convox-builds/domain';

/** Who we are at a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Finds who we are at a host; `undefined`: nobody in particular. */
export type FindLogin = (host: string) => Promise<RegistryLogin | undefined>;

/** A login that a manifest brings. */
export interface PullSecret {
  readonly registry: string;
  readonly username: string;
  /** The password, or the variable of the app that has it. */
  readonly password: { readonly value: string } | { readonly variable: string };
}

/** A login that people gave the rack. */
export interface RackLogin {
  readonly server: string;
  readonly username: string;
  readonly openPassword: () => string;
}

/** Where the logins of a build come from. */
export interface LoginSources {
  readonly pullSecrets: readonly PullSecret[];
  /** The app's. */
  readonly environment: Environment;
  /** Asked once, and only when a registry wants to know who we are. */
  readonly listRackLogins: () => Promise<readonly RackLogin[]>;
}

function loginFromSecret({ registry, username, password }: PullSecret, environment: Environment): RegistryLogin {
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
export function createLoginFinder({ pullSecrets, environment, listRackLogins }: LoginSources): FindLogin {
  let rackLogins: Promise<readonly RackLogin[]> | undefined;
  return async (host) => {
    const wanted = registryHostFromServer(host);
    const secret = pullSecrets.find(({ registry }) => registryHostFromServer(registry) === wanted);
    if (secret !== undefined) return loginFromSecret(secret, environment);
    rackLogins ??= listRackLogins();
    const login = (await rackLogins).find(({ server }) => registryHostFromServer(server) === wanted);
    return login === undefined ? undefined : { username: login.username, password: login.openPassword() };
  };
}
