import type { Knex } from 'knex';

/** The span of the request that made a build: every attempt goes on with its trace, on whatever worker. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE builds ADD COLUMN traceparent text NOT NULL DEFAULT ''`);
}
