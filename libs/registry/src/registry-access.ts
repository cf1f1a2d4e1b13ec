import type { FindAddress } from '@convox-builds/domain';

/** Proof of who we are: a user with a password, or a token that was minted beforehand. */
export type RegistryCredentials = { readonly username: string; readonly password: string } | { readonly token: string };

/** What is about to be done, as registries name it. */
export interface RegistryScope {
  readonly repository: string;
  readonly actions: readonly ('pull' | 'push' | 'delete')[];
}

/** How registries are reached and who we are there. */
export interface RegistryAccess {
  /** Credentials for a host and what is to be done there, in one request; `undefined`: anonymous. */
  readonly credentials: (host: string, scopes: readonly RegistryScope[]) => Promise<RegistryCredentials | undefined>;
  /** Whether a host is spoken to without TLS. */
  readonly isPlainHttp: (host: string) => boolean;
  /** `host[:port][/path]` of registries that are asked first when reading from a host. */
  readonly mirrors: (host: string) => readonly string[];
  /**
   * What finds the address of everything that a registry has us ask: of itself, of its token server, of wherever they
   * redirect us to. `undefined`: it may lead us anywhere; default for all.
   */
  readonly findGuard?: (host: string) => Promise<FindAddress | undefined>;
}
