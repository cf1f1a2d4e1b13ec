import type { Knex } from 'knex';

/** Any number will do, as long as nobody else locks it. */
const SUBJECT_LOCK = 724_051_877;

/**
 * Where builds came from on a forge, and what the forge is to be told of them. What is told is how a build stands, and not what
 * happened to it: one row for each thing that is told, with a revision that rises whenever the build changes, and the last one that
 * the forge knows. So nothing is told late, twice or in the wrong order. Triggers raise it in the transaction of the change itself,
 * and everybody locks rows in their order, so that no build waits for feedback in a circle.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE webhooks ADD COLUMN format text NOT NULL DEFAULT 'convox' CHECK (format IN ('convox', 'slack'));

    CREATE TABLE forges (
      host text PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('github', 'gitlab', 'bitbucket', 'gitea')),
      api_url text NOT NULL,
      sealed_token text NOT NULL,
      quiet_until timestamptz NOT NULL DEFAULT '-infinity',
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );

    CREATE TABLE build_origins (
      build_id text PRIMARY KEY REFERENCES builds (id) ON DELETE CASCADE,
      kind text NOT NULL CHECK (kind IN ('github', 'gitlab', 'bitbucket', 'gitea', 'generic')),
      host text NOT NULL,
      repository text NOT NULL,
      commit text NOT NULL,
      pull_request integer CHECK (pull_request > 0),
      workflow_id text,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX build_origins_by_workflow ON build_origins (workflow_id) WHERE workflow_id IS NOT NULL;

    CREATE TABLE feedback (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      build_id text NOT NULL REFERENCES build_origins (build_id) ON DELETE CASCADE,
      host text NOT NULL REFERENCES forges (host) ON DELETE CASCADE,
      what text NOT NULL CHECK (what IN ('status', 'comment')),
      subject text NOT NULL,
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'told', 'failed', 'superseded')),
      revision integer NOT NULL DEFAULT 1,
      tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
      owner text NOT NULL DEFAULT '',
      lease_expires_at timestamptz,
      not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
      reason text NOT NULL DEFAULT '',
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      UNIQUE (build_id, what)
    );
    CREATE INDEX feedback_due ON feedback (host, not_before, ordinal) WHERE state = 'pending';
    CREATE INDEX feedback_by_subject ON feedback (host, subject);
    CREATE INDEX feedback_over ON feedback (host, ordinal DESC) WHERE state IN ('told', 'failed');
    CREATE INDEX feedback_on_its_way ON feedback (host) WHERE lease_expires_at IS NOT NULL;
  `);
  await knex.raw(`
    CREATE FUNCTION want_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      of_app text := (SELECT app FROM builds WHERE id = NEW.build_id);
    BEGIN
      PERFORM pg_advisory_xact_lock(${SUBJECT_LOCK}, hashtext(NEW.host));
      INSERT INTO feedback (build_id, host, what, subject)
      SELECT NEW.build_id, NEW.host, wanted.what, wanted.subject
      FROM forges, (VALUES
        ('status', concat_ws(' ', of_app, NEW.repository, NEW.commit)),
        ('comment', concat_ws(' ', of_app, NEW.repository, '#' || NEW.pull_request))
      ) AS wanted (what, subject)
      WHERE forges.host = NEW.host AND forges.kind = NEW.kind
        AND (wanted.what = 'status' OR NEW.pull_request IS NOT NULL);
      -- Of what is said of one commit, or of one pull request, the newest build has the word.
      UPDATE feedback SET state = 'superseded'
      WHERE id IN (
        SELECT older.id FROM feedback AS older JOIN feedback AS newer USING (host, subject)
        WHERE newer.build_id = NEW.build_id AND older.build_id <> NEW.build_id AND older.state <> 'superseded'
        ORDER BY older.ordinal FOR UPDATE OF older
      );
      RETURN NULL;
    END $$;
    CREATE TRIGGER build_origins_want_feedback AFTER INSERT ON build_origins
      FOR EACH ROW EXECUTE FUNCTION want_feedback();

    CREATE FUNCTION renew_feedback() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE feedback SET revision = revision + 1, state = 'pending', tries = 0, not_before = clock_timestamp()
      WHERE id IN (
        SELECT id FROM feedback WHERE build_id = NEW.id AND state <> 'superseded' ORDER BY ordinal FOR UPDATE
      );
      RETURN NULL;
    END $$;
    CREATE TRIGGER builds_renew_feedback AFTER UPDATE OF state ON builds
      FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION renew_feedback();
  `);
}
