import type { Knex } from 'knex';

/**
 * A build that was recorded for somebody else to make may become one that the rack makes, once, before anything was pushed
 * for it: by copying an image. All else that 0005 refuses stays refused.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE OR REPLACE FUNCTION refuse_impossible_build_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      step text := OLD.state || ' ' || NEW.state;
      is_external boolean := (OLD.options ->> 'external')::boolean;
      is_import boolean := is_external AND step = 'created queued' AND OLD.images = '{}'
        AND NEW.options = OLD.options || '{"external": false}' AND starts_with(NEW.source, 'image://');
    BEGIN
      IF OLD.state IN ('complete', 'failed', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'build % is % and stays so', OLD.id, OLD.state;
      END IF;
      IF NEW.attempt < OLD.attempt THEN
        RAISE EXCEPTION 'build %: attempt numbers only grow', OLD.id;
      END IF;
      IF (NEW.id, NEW.app) IS DISTINCT FROM (OLD.id, OLD.app)
        OR NOT is_import AND (NEW.source, NEW.options) IS DISTINCT FROM (OLD.source, OLD.options)
      THEN
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
  `);
}
