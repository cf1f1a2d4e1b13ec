import type { Knex } from 'knex';

/** Without triggers: what is made up was never told to anybody. */
const WITHOUT_TRIGGERS = `SET LOCAL session_replication_role = replica`;

/**
 * An app with the builds of a year: each has a release, a log, an image and a source; every tenth was of a workflow, and promoted,
 * and told to a forge and to a webhook. The last one of those is not over.
 */
const HISTORY = `
  INSERT INTO apps (name, generation, source_key) VALUES (:app, '3', 'x');
  INSERT INTO builds (id, app, state, attempt, description, git_sha, source, options, manifest, images, release_id, logs, tagged_at,
    created_at, started_at, ended_at)
  SELECT 'B' || n, :app, 'complete', 1, 'a change', 'abc', 'object://' || :app || '/tmp/' || n || '.tgz', '{"external":false}',
    'services: {}', jsonb_build_object('web', jsonb_build_object('digest', 'sha256:' || md5(n::text))), 'R' || n,
    'object://' || :app || '/logs/' || n, at, at, at, at
  FROM (SELECT n, clock_timestamp() - interval '1 year' + n * interval '1 minute' AS at FROM generate_series(1, :builds::int) AS n) AS old;
  INSERT INTO releases (id, app, build_id, is_made_by_build, manifest, created_at)
  SELECT release_id, app, id, true, manifest, ended_at FROM builds WHERE app = :app ORDER BY ordinal;
  INSERT INTO attempts (build_id, attempt, worker, outcome) SELECT id, 1, 'w', 'complete' FROM builds WHERE app = :app;
  INSERT INTO compacted_logs (build_id, chunk_sizes) SELECT id, '{1}' FROM builds WHERE app = :app;

  CREATE TEMPORARY TABLE tenth ON COMMIT DROP AS
    SELECT id, release_id, ended_at, row_number() OVER (ORDER BY ordinal DESC) = 1 AS is_open
    FROM builds WHERE app = :app AND ordinal % 10 = 0;
  INSERT INTO promotions (id, app, release_id, actor, state, started_at, ended_at)
  SELECT 'P' || id, :app, release_id, 'ada', 'succeeded', ended_at, ended_at FROM tenth;
  INSERT INTO workflow_hooks (id, kind, host, repository) VALUES ('H', 'generic', 'h', 'a/b');
  INSERT INTO workflows (id, hook_id, app, name, kind, url, branches, tags, paths, apps, options, promote, concurrency, forks, enabled)
  VALUES ('W', 'H', :app, 'main', 'deployment', 'u', '{}', '{}', '{}', ARRAY[:app], '{}', 'automatic', 'queue', false, true);
  INSERT INTO workflow_deliveries (id, hook_id, delivery_id, events, state)
  SELECT 'D' || id, 'H', id, '[]', CASE WHEN is_open THEN 'pending' ELSE 'ended' END FROM tenth;
  INSERT INTO workflow_jobs (id, workflow_id, run, subject, commit, title, plan, state, ended_at)
  SELECT 'J' || id, 'W', 1, 's', 'c', 't', '{}', CASE WHEN is_open THEN 'building' ELSE 'failed' END,
    CASE WHEN NOT is_open THEN ended_at END FROM tenth;
  INSERT INTO workflow_job_builds (job_id, app, build_id) SELECT 'J' || id, :app, id FROM tenth;
  INSERT INTO forges (host, kind, api_url, sealed_token) VALUES ('h', 'github', 'u', 't');
  INSERT INTO build_origins (build_id, kind, host, repository, commit) SELECT id, 'github', 'h', 'a/b', 'c' FROM tenth;
  INSERT INTO feedback (build_id, host, what, subject, state)
  SELECT id, 'h', 'status', id, CASE WHEN is_open THEN 'pending' ELSE 'told' END FROM tenth;
  INSERT INTO webhooks (id, url, app, events, secret) VALUES ('K', 'u', :app, '{}', 's');
  INSERT INTO webhook_deliveries (webhook_id, event, app, subject, outcome, facts, state, ended_at)
  SELECT 'K', 'build:create', :app, id, 'success', '{}', CASE WHEN is_open THEN 'pending' ELSE 'delivered' END,
    CASE WHEN NOT is_open THEN ended_at END FROM tenth;
  UPDATE apps SET active_release_id = 'R' || :builds WHERE name = :app`;

/** Makes up what a rack with one busy app has after a year. Build `B<n>` has release `R<n>`, counted from 1. */
export async function insertLongHistory(knex: Knex, { app, builds }: { app: string; builds: number }): Promise<void> {
  await knex.transaction(async (transaction) => {
    await transaction.raw(WITHOUT_TRIGGERS);
    for (const statement of HISTORY.split(';\n')) await transaction.raw(statement, { app, builds });
  });
  await knex.raw('ANALYZE');
}
