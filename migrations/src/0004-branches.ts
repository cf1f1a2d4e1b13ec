import type { Knex } from 'knex';

/** The branch that a build's source was on: a newer build of it may take the place of one that still waits. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE builds ADD COLUMN git_branch text NOT NULL DEFAULT ''`);
}
