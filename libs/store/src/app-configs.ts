import type { Knex } from 'knex';

/** Named values that clients keep with an app; the rack does not read them. */
export interface AppConfigRepository {
  find(app: string, name: string): Promise<string | undefined>;
  /** The values of an app by name. */
  list(app: string): Promise<{ name: string; value: string }[]>;
  /** Sets a value of an app that exists. */
  save(app: string, name: string, value: string): Promise<void>;
}

/** Opens the configs of a database. */
export function createAppConfigRepository(knex: Knex): AppConfigRepository {
  return {
    find: async (app, name) => (await knex('app_configs').where({ app, name }).first('value'))?.value,
    list: (app) => knex('app_configs').where({ app }).orderBy('name').select('name', 'value'),
    save: async (app, name, value) => {
      await knex('app_configs').insert({ app, name, value }).onConflict(['app', 'name']).merge();
    },
  };
}
