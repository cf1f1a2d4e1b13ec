import { randomBytes } from 'node:crypto';

import type { Knex } from 'knex';

import { DELETED_AT_ONCE, deleteBuilds } from './delete-builds.js';
import type { AppRecord } from './records.js';
import { appFromRow } from './rows.js';
import type { AppRow } from './tables.js';

/** The apps of a rack. */
export interface AppRepository {
  /** Creates an app; `undefined` when the name is taken. */
  create(app: { name: string; generation: string }): Promise<AppRecord | undefined>;
  find(name: string): Promise<AppRecord | undefined>;
  /** All apps, by name. */
  list(): Promise<AppRecord[]>;
  /** Changes what is given, and of the parameters those that are named; `undefined` when there is no such app. */
  update(
    name: string,
    change: { locked?: boolean; parameters?: Readonly<Record<string, string>> },
  ): Promise<AppRecord | undefined>;
  /**
   * Gives an app another source key, by which nothing is found that was built with the former one, and leaves its layer caches
   * in the registry to be removed; `false` when there is no such app.
   */
  resetCache(name: string): Promise<boolean>;
  /**
   * Deletes an app with its builds, releases and log chunks; `false` when there was none. Where there are many it takes some
   * transactions: what a crash leaves of the app goes when it is deleted once more.
   */
  delete(name: string): Promise<boolean>;
}

const createSourceKey = () => randomBytes(32).toString('hex');

async function resetCache(knex: Knex, name: string): Promise<boolean> {
  return knex.transaction(async (transaction) => {
    const updated = await transaction('apps').where({ name }).update({ source_key: createSourceKey() });
    await transaction('layer_caches').where({ app: name }).delete();
    return updated > 0;
  });
}

/** Creates an app, inside or outside a transaction; `undefined` when the name is taken. */
export async function insertApp(
  knex: Knex,
  app: Pick<AppRecord, 'name' | 'generation'> & Partial<Pick<AppRecord, 'parameters'>>,
): Promise<AppRecord | undefined> {
  const { name, generation, parameters = {} } = app;
  const columns = { name, generation, parameters: JSON.stringify(parameters) };
  const rows = await knex('apps')
    .insert({ ...columns, source_key: createSourceKey() })
    .onConflict('name')
    .ignore()
    .returning('*');
  return rows.map(appFromRow).at(0);
}

async function deleteApp(knex: Knex, name: string): Promise<boolean> {
  while ((await deleteBuilds(knex, name)).length === DELETED_AT_ONCE);
  return (await knex('apps').where({ name }).delete()) > 0;
}

/** Opens the apps of a database. */
export function createAppRepository(knex: Knex): AppRepository {
  const first = (rows: AppRow[]): AppRecord | undefined => rows.map(appFromRow).at(0);
  return {
    create: (app) => insertApp(knex, app),
    find: async (name) => first(await knex('apps').where({ name })),
    list: async () => (await knex('apps').orderBy('name')).map(appFromRow),
    update: async (name, { locked, parameters }) => {
      const change = {
        ...(locked === undefined ? {} : { locked }),
        ...(parameters === undefined
          ? {}
          : { parameters: knex.raw('parameters || ?::jsonb', [JSON.stringify(parameters)]) }),
      };
      if (Object.keys(change).length === 0) return first(await knex('apps').where({ name }));
      return first(await knex('apps').where({ name }).update(change).returning('*'));
    },
    resetCache: (name) => resetCache(knex, name),
    delete: (name) => deleteApp(knex, name),
  };
}
