import type { Knex } from 'knex';

/**
 * Workflows: what starts builds when a repository changes, what told of the change, and what was started. Nothing here is
 * triggered: jobs are moved on by what the rows of their builds and promotions say, so that nobody has to remember anything.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE workflow_hooks (
      id text PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('github', 'gitlab', 'bitbucket', 'gitea', 'generic')),
      host text NOT NULL,
      repository text NOT NULL,
      secret text NOT NULL DEFAULT '',
      previous_secret text NOT NULL DEFAULT '',
      rotated_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      UNIQUE (kind, host, repository)
    );

    CREATE TABLE workflows (
      id text PRIMARY KEY,
      hook_id text NOT NULL REFERENCES workflow_hooks (id),
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      name text NOT NULL,
      kind text NOT NULL CHECK (kind IN ('deployment', 'review')),
      url text NOT NULL,
      branches text[] NOT NULL,
      tags text[] NOT NULL,
      paths text[] NOT NULL,
      apps text[] NOT NULL CHECK (cardinality(apps) > 0),
      options jsonb NOT NULL,
      promote text NOT NULL CHECK (promote IN ('automatic', 'manual')),
      concurrency text NOT NULL CHECK (concurrency IN ('queue', 'supersede')),
      forks boolean NOT NULL,
      enabled boolean NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      UNIQUE (app, name)
    );
    CREATE INDEX workflows_by_hook ON workflows (hook_id);

    CREATE TABLE workflow_deliveries (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      hook_id text NOT NULL REFERENCES workflow_hooks (id) ON DELETE CASCADE,
      delivery_id text NOT NULL,
      events jsonb NOT NULL,
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'ended')),
      run integer NOT NULL DEFAULT 1,
      outcomes jsonb NOT NULL DEFAULT '[]',
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      UNIQUE (hook_id, delivery_id)
    );
    CREATE INDEX workflow_deliveries_listed ON workflow_deliveries (hook_id, ordinal DESC);
    CREATE INDEX workflow_deliveries_pending ON workflow_deliveries (ordinal) WHERE state = 'pending';
    CREATE INDEX workflow_deliveries_by_age ON workflow_deliveries (created_at);

    CREATE TABLE workflow_jobs (
      id text PRIMARY KEY,
      workflow_id text NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
      delivery_id text REFERENCES workflow_deliveries (id) ON DELETE SET NULL,
      run integer NOT NULL,
      subject text NOT NULL,
      commit text NOT NULL,
      title text NOT NULL,
      plan jsonb NOT NULL,
      state text NOT NULL CHECK (state IN ('waiting', 'building', 'promoting', 'complete', 'failed', 'cancelled')),
      reason text NOT NULL DEFAULT '',
      ordinal bigint GENERATED ALWAYS AS IDENTITY,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      ended_at timestamptz,
      CHECK ((state IN ('complete', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
      UNIQUE (workflow_id, delivery_id, run, subject)
    );
    CREATE INDEX workflow_jobs_listed ON workflow_jobs (workflow_id, ordinal DESC);
    CREATE INDEX workflow_jobs_by_subject ON workflow_jobs (workflow_id, subject, ordinal DESC);
    CREATE INDEX workflow_jobs_by_delivery ON workflow_jobs (delivery_id);
    CREATE INDEX workflow_jobs_unended ON workflow_jobs (workflow_id, subject, ordinal) WHERE ended_at IS NULL;
    CREATE INDEX workflow_jobs_by_age ON workflow_jobs (ended_at) WHERE ended_at IS NOT NULL;

    CREATE TABLE workflow_job_builds (
      job_id text NOT NULL REFERENCES workflow_jobs (id) ON DELETE CASCADE,
      app text NOT NULL REFERENCES apps (name) ON DELETE CASCADE,
      build_id text NOT NULL DEFAULT '',
      PRIMARY KEY (job_id, app)
    );
    CREATE INDEX workflow_job_builds_by_app ON workflow_job_builds (app);
    CREATE INDEX workflow_job_builds_by_build ON workflow_job_builds (build_id) WHERE build_id <> '';

    ALTER TABLE promotions ADD COLUMN workflow_job_id text REFERENCES workflow_jobs (id) ON DELETE SET NULL;
    CREATE UNIQUE INDEX promotions_by_workflow_job ON promotions (workflow_job_id, app);
  `);
}
