import type { Knex } from 'knex';

/** When the tags of a complete build are to be tried next: one that can never be tagged keeps no other one waiting. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE builds ADD COLUMN next_tag_at timestamptz NOT NULL DEFAULT '-infinity'`);
}
