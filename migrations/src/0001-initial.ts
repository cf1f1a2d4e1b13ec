import type { Knex } from 'knex';

/** Apps, builds, releases, log chunks. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE apps (
      name text PRIMARY KEY,
      generation text NOT NULL,
      locked boolean NOT NULL DEFAULT false,
      parameters jsonb NOT NULL DEFAULT '{}',
      active_release_id text NOT NULL DEFAULT '',
      source_key text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );

    CREATE TABLE builds (
      id text PRIMARY KEY,
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      state text NOT NULL CHECK (state IN ('created', 'queued', 'running', 'complete', 'failed', 'cancelled')),
      attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
      description text NOT NULL,
      git_sha text NOT NULL,
      source text NOT NULL,
      options jsonb NOT NULL,
      manifest text NOT NULL DEFAULT '',
      entrypoint text NOT NULL DEFAULT '',
      images jsonb NOT NULL DEFAULT '{}',
      release_id text NOT NULL DEFAULT '',
      logs text NOT NULL DEFAULT '',
      log_seq integer NOT NULL DEFAULT 0,
      failure_class text NOT NULL DEFAULT '',
      reason text NOT NULL DEFAULT '',
      worker text NOT NULL DEFAULT '',
      lease_expires_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      started_at timestamptz,
      ended_at timestamptz,
      CHECK (state <> 'complete' OR release_id <> ''),
      CHECK ((state IN ('complete', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
    );
    CREATE INDEX builds_by_app ON builds (app, created_at DESC);
    CREATE INDEX builds_queued ON builds (created_at) WHERE state = 'queued';
    CREATE INDEX builds_leased ON builds (lease_expires_at) WHERE state = 'running';
    CREATE INDEX builds_to_compact ON builds (ended_at) WHERE logs = '' AND ended_at IS NOT NULL;

    CREATE TABLE releases (
      id text PRIMARY KEY,
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      build_id text NOT NULL DEFAULT '',
      is_made_by_build boolean NOT NULL DEFAULT false,
      environment text NOT NULL DEFAULT '',
      manifest text NOT NULL DEFAULT '',
      description text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX releases_by_app ON releases (app, created_at DESC);
    CREATE UNIQUE INDEX releases_one_by_build ON releases (build_id) WHERE is_made_by_build;

    CREATE TABLE log_chunks (
      build_id text NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
      seq integer NOT NULL,
      attempt integer NOT NULL,
      bytes bytea NOT NULL,
      PRIMARY KEY (build_id, seq)
    );
  `);
  await knex.raw(`
    CREATE FUNCTION refuse_impossible_build_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state IN ('complete', 'failed', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'build % is % and stays so', OLD.id, OLD.state;
      END IF;
      IF NEW.attempt < OLD.attempt THEN
        RAISE EXCEPTION 'build %: attempt numbers only grow', OLD.id;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER builds_refuse_impossible_change BEFORE UPDATE ON builds
      FOR EACH ROW EXECUTE FUNCTION refuse_impossible_build_change();
  `);
}
