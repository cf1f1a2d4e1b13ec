import type { Knex } from 'knex';

/**
 * Forges are told of promotions as well: one thing more that is told of a build, in the row that stands for it, and a reason to change
 * the comment; so is what a build has found in caches, which is known after its end. Webhooks of a promotion tell what its workflow
 * wants to have run before and after it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE feedback DROP CONSTRAINT feedback_what_check;
    ALTER TABLE feedback ADD CONSTRAINT feedback_what_check CHECK (what IN ('status', 'comment', 'promotion'));

    CREATE FUNCTION renew_comment(of_build text) RETURNS void LANGUAGE sql AS $$
      UPDATE feedback SET revision = revision + 1, state = 'pending', tries = 0, not_before = clock_timestamp()
      WHERE build_id = of_build AND what = 'comment' AND state <> 'superseded'
    $$;

    CREATE FUNCTION want_feedback_of_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      of_build text := (SELECT build_id FROM releases WHERE id = NEW.release_id);
    BEGIN
      PERFORM renew_comment(of_build);
      INSERT INTO feedback (build_id, host, what, subject)
      SELECT origin.build_id, origin.host, 'promotion',
        concat_ws(' ', NEW.app, origin.repository, origin.commit, 'promotion')
      FROM build_origins AS origin JOIN forges ON forges.host = origin.host AND forges.kind = origin.kind
      WHERE origin.build_id = of_build
      ON CONFLICT (build_id, what) DO UPDATE SET
        revision = feedback.revision + 1, state = 'pending', tries = 0, not_before = clock_timestamp();
      RETURN NULL;
    END $$;
    CREATE TRIGGER promotions_want_feedback AFTER INSERT ON promotions
      FOR EACH ROW EXECUTE FUNCTION want_feedback_of_promotion();
    CREATE TRIGGER promotions_renew_feedback AFTER UPDATE OF state ON promotions
      FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION want_feedback_of_promotion();

    CREATE FUNCTION tell_of_caches() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM renew_comment(NEW.build_id);
      RETURN NULL;
    END $$;
    CREATE TRIGGER build_caches_renew_feedback AFTER INSERT ON build_caches
      FOR EACH ROW EXECUTE FUNCTION tell_of_caches();

    CREATE OR REPLACE FUNCTION announce_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      build text := (SELECT build_id FROM releases WHERE id = NEW.release_id);
      plan jsonb := (SELECT job.plan FROM workflow_jobs AS job WHERE job.id = NEW.workflow_job_id);
    BEGIN
      PERFORM announce(
        'release:promote', NEW.app, coalesce(nullif(build, ''), NEW.release_id),
        CASE NEW.state WHEN 'succeeded' THEN 'success' WHEN 'failed' THEN 'error' ELSE 'start' END,
        jsonb_build_object(
          'app', NEW.app, 'id', NEW.release_id, 'promotion_id', NEW.id, 'actor', NEW.actor,
          'message', nullif(NEW.reason, ''),
          'before', nullif(plan ->> 'before', ''), 'after', nullif(plan ->> 'after', '')));
      RETURN NULL;
    END $$;
  `);
}
