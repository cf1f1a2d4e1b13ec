import type { Knex } from 'knex';

/** To which digests the base images of a build were resolved: once, for all its services and attempts. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE base_images (
      build_id text NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
      reference text NOT NULL,
      digest text NOT NULL CHECK (digest <> ''),
      PRIMARY KEY (build_id, reference)
    );
  `);
}
