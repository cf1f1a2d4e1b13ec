import { randomBytes } from 'node:crypto';

import type { Knex } from 'knex';

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
  /** Deletes an app with its builds, releases and log chunks; `false` when there was none. */
  delete(name: string): Promise<boolean>;
}

/** Creates an app, inside or outside a transaction; `undefined` when the name is taken. */
export async function insertApp(
  knex: Knex,
  app: Pick<AppRecord, 'name' | 'generation'> & Partial<Pick<AppRecord, 'parameters'>>,
): Promise<AppRecord | undefined> {
  const { name, generation, parameters = {} } = app;
  const columns = { name, generation, parameters: JSON.stringify(parameters) };
  const source_key = randomBytes(32).toString('hex');
  const rows = await knex('apps')
    .insert({ ...columns, source_key })
    .onConflict('name')
    .ignore()
    .returning('*');
  return rows.map(appFromRow).at(0);
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
    delete: async (name) => (await knex('apps').where({ name }).delete()) > 0,
  };
}
