import type { Knex } from 'knex';

/**
 * What became of every attempt, kept by a trigger so that no way of ending one can forget it; when a build may be tried
 * again; lanes, workers and admissions for the dispatcher; and the keys that make a repeated request harmless.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE builds
      ADD COLUMN lane smallint NOT NULL DEFAULT 0,
      ADD COLUMN retries integer NOT NULL DEFAULT 0 CHECK (retries >= 0),
      ADD COLUMN not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
      ADD COLUMN admitted_to text NOT NULL DEFAULT '',
      ADD COLUMN admitted_at timestamptz,
      ADD COLUMN noted_at timestamptz,
      ADD COLUMN tagged_at timestamptz;
    UPDATE builds SET tagged_at = ended_at WHERE state = 'complete';
    CREATE INDEX builds_untagged ON builds (ended_at) WHERE state = 'complete' AND tagged_at IS NULL;
    DROP INDEX builds_queued;
    CREATE INDEX builds_queued ON builds (app, lane, created_at, ordinal) WHERE state = 'queued';
    CREATE INDEX builds_admitted ON builds (admitted_to) WHERE state = 'queued' AND admitted_to <> '';
    CREATE INDEX builds_running ON builds (worker) WHERE state = 'running';
    CREATE INDEX builds_ended ON builds (ended_at DESC) WHERE state = 'complete';

    ALTER TABLE apps ADD COLUMN admitted_at timestamptz NOT NULL DEFAULT '-infinity';

    CREATE TABLE workers (
      name text PRIMARY KEY,
      owner text NOT NULL,
      slots integer NOT NULL CHECK (slots >= 0),
      state text NOT NULL CHECK (state IN ('ready', 'draining', 'full')),
      note text NOT NULL DEFAULT '',
      seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );

    CREATE TABLE idempotency_keys (
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      key text NOT NULL,
      request_hash text NOT NULL,
      build_id text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (app, key)
    );
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

    CREATE TABLE attempts (
      build_id text NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
      attempt integer NOT NULL,
      worker text NOT NULL,
      outcome text NOT NULL DEFAULT 'running',
      failure_class text NOT NULL DEFAULT '',
      reason text NOT NULL DEFAULT '',
      started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz,
      PRIMARY KEY (build_id, attempt)
    );
  `);
  await knex.raw(`
    CREATE FUNCTION record_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state = 'running' AND NEW.attempt > OLD.attempt THEN
        INSERT INTO attempts (build_id, attempt, worker) VALUES (NEW.id, NEW.attempt, NEW.worker);
      ELSIF OLD.state = 'running' AND NEW.state <> 'running' THEN
        UPDATE attempts
        SET outcome = NEW.state, failure_class = NEW.failure_class, reason = NEW.reason, ended_at = clock_timestamp()
        WHERE build_id = NEW.id AND attempt = NEW.attempt;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER builds_record_attempt AFTER UPDATE OF state ON builds
      FOR EACH ROW EXECUTE FUNCTION record_attempt();
  `);
}
