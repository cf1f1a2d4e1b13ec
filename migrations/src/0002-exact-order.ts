import type { Knex } from 'knex';

/**
 * An order for rows of the same instant (some clocks count milliseconds only), lost workers counted apart from attempts
 * (a build that was handed back did nothing wrong), and where the chunks of a compacted log were.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE builds
      ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY,
      ADD COLUMN lost_workers integer NOT NULL DEFAULT 0 CHECK (lost_workers >= 0),
      ADD CHECK (state <> 'running' OR (options ->> 'external')::boolean OR lease_expires_at IS NOT NULL),
      ADD CHECK (state <> 'queued' OR NOT (options ->> 'external')::boolean);
    DROP INDEX builds_by_app;
    DROP INDEX builds_queued;
    CREATE INDEX builds_by_app ON builds (app, created_at DESC, ordinal DESC);
    CREATE INDEX builds_queued ON builds (created_at, ordinal) WHERE state = 'queued';

    ALTER TABLE releases ADD COLUMN ordinal bigint GENERATED ALWAYS AS IDENTITY;
    DROP INDEX releases_by_app;
    CREATE INDEX releases_by_app ON releases (app, ordinal DESC);

    CREATE TABLE compacted_logs (
      build_id text PRIMARY KEY REFERENCES builds (id) ON DELETE CASCADE,
      chunk_sizes integer[] NOT NULL
    );
  `);
}
