import type { Knex } from 'knex';

/**
 * Promotions, one at a time for each app; webhooks and what is to be delivered to them. Triggers write the deliveries in the
 * transaction of the fact itself, so that no way of ending a build or of promoting a release can forget them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE promotions (
      id text PRIMARY KEY,
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      release_id text NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
      actor text NOT NULL,
      state text NOT NULL CHECK (state IN ('pending', 'running', 'succeeded', 'failed')),
      reason text NOT NULL DEFAULT '',
      tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
      owner text NOT NULL DEFAULT '',
      lease_expires_at timestamptz,
      not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      started_at timestamptz,
      ended_at timestamptz,
      CHECK ((state IN ('succeeded', 'failed')) = (ended_at IS NOT NULL))
    );
    CREATE UNIQUE INDEX promotions_one_at_a_time ON promotions (app) WHERE state IN ('pending', 'running');
    CREATE INDEX promotions_by_app ON promotions (app, ordinal DESC);
    CREATE INDEX promotions_by_release ON promotions (release_id);

    CREATE TABLE webhooks (
      id text PRIMARY KEY,
      url text NOT NULL,
      app text REFERENCES apps (name) ON DELETE CASCADE,
      events text[] NOT NULL,
      secret text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );

    CREATE TABLE webhook_deliveries (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      webhook_id text NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
      event text NOT NULL,
      app text NOT NULL,
      subject text NOT NULL,
      outcome text NOT NULL CHECK (outcome IN ('start', 'success', 'error')),
      facts jsonb NOT NULL,
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
      tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
      owner text NOT NULL DEFAULT '',
      lease_expires_at timestamptz,
      not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
      answer_status integer,
      answer text NOT NULL DEFAULT '',
      duration_ms integer,
      reason text NOT NULL DEFAULT '',
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz,
      CHECK ((state = 'pending') = (ended_at IS NULL))
    );
    CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (webhook_id, ordinal DESC);
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, not_before, ordinal) WHERE state = 'pending';
    CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, subject, ordinal) WHERE state = 'pending';
    CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
  `);
  await knex.raw(`
    CREATE FUNCTION refuse_change_of_ended_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'promotion % is % and stays so', OLD.id, OLD.state;
    END $$;
    CREATE TRIGGER promotions_stay_ended BEFORE UPDATE ON promotions
      FOR EACH ROW WHEN (OLD.state IN ('succeeded', 'failed')) EXECUTE FUNCTION refuse_change_of_ended_promotion();

    CREATE FUNCTION announce(of_event text, of_app text, of_subject text, how text, what jsonb)
      RETURNS void LANGUAGE sql AS $$
      INSERT INTO webhook_deliveries (webhook_id, event, app, subject, outcome, facts)
      SELECT id, of_event, of_app, of_subject, how, jsonb_strip_nulls(what)
      FROM webhooks WHERE events @> ARRAY[of_event] AND (app IS NULL OR app = of_app)
    $$;

    CREATE FUNCTION announce_build() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM announce(
        'build:create', NEW.app, NEW.id, CASE NEW.state WHEN 'complete' THEN 'success' ELSE 'error' END,
        jsonb_build_object(
          'app', NEW.app, 'id', NEW.id, 'release_id', nullif(NEW.release_id, ''), 'state', NEW.state,
          'description', nullif(NEW.description, ''), 'git_sha', nullif(NEW.git_sha, ''),
          'git_branch', nullif(NEW.git_branch, ''), 'message', nullif(NEW.reason, '')));
      RETURN NULL;
    END $$;
    CREATE TRIGGER builds_announce AFTER UPDATE OF state ON builds
      FOR EACH ROW WHEN (NEW.state IN ('complete', 'failed', 'cancelled') AND OLD.state <> NEW.state)
      EXECUTE FUNCTION announce_build();
    CREATE TRIGGER builds_announce_import AFTER INSERT ON builds
      FOR EACH ROW WHEN (NEW.state IN ('complete', 'failed', 'cancelled')) EXECUTE FUNCTION announce_build();

    CREATE FUNCTION announce_release() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM announce(
        'release:create', NEW.app, coalesce(nullif(NEW.build_id, ''), NEW.id), 'success',
        jsonb_build_object(
          'app', NEW.app, 'id', NEW.id, 'build_id', nullif(NEW.build_id, ''),
          'description', nullif(NEW.description, '')));
      RETURN NULL;
    END $$;
    CREATE TRIGGER releases_announce AFTER INSERT ON releases FOR EACH ROW EXECUTE FUNCTION announce_release();

    CREATE FUNCTION announce_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      build text := (SELECT build_id FROM releases WHERE id = NEW.release_id);
    BEGIN
      PERFORM announce(
        'release:promote', NEW.app, coalesce(nullif(build, ''), NEW.release_id),
        CASE NEW.state WHEN 'succeeded' THEN 'success' WHEN 'failed' THEN 'error' ELSE 'start' END,
        jsonb_build_object(
          'app', NEW.app, 'id', NEW.release_id, 'promotion_id', NEW.id, 'actor', NEW.actor,
          'message', nullif(NEW.reason, '')));
      RETURN NULL;
    END $$;
    CREATE TRIGGER promotions_announce AFTER INSERT ON promotions
      FOR EACH ROW EXECUTE FUNCTION announce_promotion();
    CREATE TRIGGER promotions_announce_end AFTER UPDATE OF state ON promotions
      FOR EACH ROW WHEN (NEW.state IN ('succeeded', 'failed')) EXECUTE FUNCTION announce_promotion();
  `);
}
