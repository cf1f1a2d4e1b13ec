import type { Knex } from 'knex';

/** What an attempt has stored of its log, so that a part whose storing was not answered can be sent again. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE builds ADD COLUMN log_part integer NOT NULL DEFAULT 0');
}
