import type { Knex } from 'knex';

/** A key by which an ssh server is known. */
export interface GitHostKey {
  /** With the port, unless it is 22. */
  readonly host: string;
  /** `ssh-ed25519 AAAA…` */
  readonly key: string;
}

/** The ssh servers that the rack believes. */
export interface GitHostRepository {
  /** All of them, by host. */
  list(): Promise<GitHostKey[]>;
  /** The keys of one server; empty when it is not known. */
  keysOf(host: string): Promise<string[]>;
  /** Believes these keys of a server, and none that were there before. */
  pin(host: string, keys: readonly string[]): Promise<void>;
  /** Believes a server no more; `false` when it was not known. */
  forget(host: string): Promise<boolean>;
}

/** Opens the ssh servers of a database. */
export function createGitHostRepository(knex: Knex): GitHostRepository {
  return {
    list: async () => knex('git_host_keys').select('host', 'key').orderBy(['host', 'key']),
    keysOf: async (host) => (await knex('git_host_keys').where({ host }).select('host', 'key')).map(({ key }) => key),
    pin: (host, keys) =>
      knex.transaction(async (transaction) => {
        await transaction('git_host_keys').where({ host }).delete();
        await transaction('git_host_keys').insert(keys.map((key) => ({ host, key })));
      }),
    forget: async (host) => (await knex('git_host_keys').where({ host }).delete()) > 0,
  };
}
