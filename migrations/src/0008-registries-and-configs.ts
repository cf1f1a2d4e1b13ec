import type { Knex } from 'knex';

/** Registries that builds may read from, with sealed passwords; and the named values that clients keep with an app. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE registries (
      server text PRIMARY KEY,
      username text NOT NULL,
      sealed_password text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE TABLE app_configs (
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      name text NOT NULL,
      value text NOT NULL,
      PRIMARY KEY (app, name)
    );
  `);
}
