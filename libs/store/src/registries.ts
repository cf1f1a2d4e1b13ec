import type { Knex } from 'knex';

import { recordFromRow } from './rows.js';

/** A registry that builds may read from. */
export interface RegistryRecord {
  /** As people name it: a host, with a port and a path or without. */
  readonly server: string;
  readonly username: string;
  /** Sealed for the place `registries/<server>`. */
  readonly sealedPassword: string;
  readonly createdAt: Date;
}

/** The registries of a rack. */
export interface RegistryRepository {
  /** All of them, by name. */
  list(): Promise<RegistryRecord[]>;
  /** Adds a registry, or replaces the one of that name. */
  save(registry: { server: string; username: string; sealedPassword: string }): Promise<void>;
  /** Removes a registry; `false` when there was none. */
  delete(server: string): Promise<boolean>;
}

/** Opens the registries of a database. */
export function createRegistryRepository(knex: Knex): RegistryRepository {
  return {
    list: async () => (await knex('registries').orderBy('server')).map(recordFromRow),
    save: async ({ server, username, sealedPassword }) => {
      const row = { server, username, sealed_password: sealedPassword };
      await knex('registries').insert(row).onConflict('server').merge();
    },
    delete: async (server) => (await knex('registries').where({ server }).delete()) > 0,
  };
}
