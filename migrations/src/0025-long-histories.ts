import type { Knex } from 'knex';

/**
 * Indexes for what is asked again and again, and for what is asked of each build that goes: without them each answer takes as long as
 * the rack has had builds. Objects and images are looked up by hash, because their names may be long.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE INDEX builds_unended ON builds (created_at) WHERE state IN ('created', 'queued', 'running');
    CREATE INDEX builds_in_order ON builds (app, ordinal DESC);
    CREATE INDEX builds_by_source ON builds USING hash (source) WHERE starts_with(source, 'object://');
    CREATE INDEX builds_by_logs ON builds USING hash (logs) WHERE starts_with(logs, 'object://');
    CREATE INDEX builds_by_image ON builds
      USING gin (jsonb_path_query_array(images, '$.*.digest') jsonb_path_ops) WHERE images <> '{}';
    CREATE INDEX releases_by_build ON releases (build_id);
    DROP INDEX removals_due;
    CREATE INDEX removals_due ON removals (kind, not_before, id);
  `);
}
