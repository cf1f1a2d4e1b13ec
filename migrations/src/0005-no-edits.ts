import type { Knex } from 'knex';

/**
 * The database refuses what no part of a rack does, whoever asks: steps that skip a state, changes of what an ended build
 * has built, and edits of releases, of stored log chunks, and of attempts other than by the builds' own trigger.
 * External builds are what their clients report.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE OR REPLACE FUNCTION refuse_impossible_build_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      step text := OLD.state || ' ' || NEW.state;
      is_external boolean := (OLD.options ->> 'external')::boolean;
    BEGIN
      IF OLD.state IN ('complete', 'failed', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'build % is % and stays so', OLD.id, OLD.state;
      END IF;
      IF NEW.attempt < OLD.attempt THEN
        RAISE EXCEPTION 'build %: attempt numbers only grow', OLD.id;
      END IF;
      IF (NEW.id, NEW.app, NEW.source, NEW.options) IS DISTINCT FROM (OLD.id, OLD.app, OLD.source, OLD.options) THEN
        RAISE EXCEPTION 'build %: what it is made of stays as it was accepted', OLD.id;
      END IF;
      IF is_external THEN
        RETURN NEW;
      END IF;
      IF step IN ('queued complete', 'queued created', 'running created') THEN
        RAISE EXCEPTION 'build % cannot go from % to %', OLD.id, OLD.state, NEW.state;
      END IF;
      IF step = 'queued running' AND NEW.attempt <> OLD.attempt + 1 THEN
        RAISE EXCEPTION 'build %: each run is the next attempt', OLD.id;
      END IF;
      IF OLD.ended_at IS NOT NULL
        AND (NEW.images, NEW.release_id, NEW.manifest, NEW.entrypoint, NEW.failure_class, NEW.reason, NEW.ended_at, NEW.attempt)
          IS DISTINCT FROM
          (OLD.images, OLD.release_id, OLD.manifest, OLD.entrypoint, OLD.failure_class, OLD.reason, OLD.ended_at, OLD.attempt)
      THEN
        RAISE EXCEPTION 'build % has ended: what came of it stays as it is', OLD.id;
      END IF;
      RETURN NEW;
    END $$;

    CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '% are written once and not changed', TG_TABLE_NAME;
    END $$;
    CREATE TRIGGER releases_refuse_edit BEFORE UPDATE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_edit();
    CREATE TRIGGER log_chunks_refuse_edit BEFORE UPDATE ON log_chunks FOR EACH ROW EXECUTE FUNCTION refuse_edit();
    -- At depth 1 nobody but a client can have asked; the builds' trigger writes attempts at depth 2.
    CREATE TRIGGER attempts_refuse_edit BEFORE INSERT OR UPDATE ON attempts
      FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION refuse_edit();
  `);
}
