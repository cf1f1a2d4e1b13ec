import type { Knex } from 'knex';

import { NOW } from './claims.js';
import type { PromotionState } from './records.js';
import { runIfAny } from './run-if-any.js';
import { lockWorkflows } from './workflow-lock.js';

/** A build of a job whose releases are promoted. */
export interface PromotingBuild {
  readonly jobId: string;
  readonly workflowId: string;
  readonly app: string;
  readonly releaseId: string;
  /** `null`: its release has no promotion of this job yet. */
  readonly promotion: { readonly state: PromotionState; readonly reason: string } | null;
}

/** A build of a job that was given up, which has not ended. */
export interface LeftBuild {
  readonly app: string;
  readonly buildId: string;
  /** Why the job was given up. */
  readonly reason: string;
}

/** How jobs go on by what became of their builds and promotions. */
export interface JobProgressRepository {
  /** Moves on every job whose builds have ended, each once. How many. */
  advance(): Promise<number>;
  /** The builds of jobs whose releases are to be promoted, or are being promoted; the oldest jobs first. */
  listPromoting(options: { limit: number }): Promise<PromotingBuild[]>;
  /** Builds of jobs that were given up, which have not ended. */
  listLeftBuilds(): Promise<LeftBuild[]>;
}

/** A build that is not there any more was deleted after it had ended, or with its app. */
const ADVANCE = `
  WITH counted AS (
    SELECT job.id,
      count(*) FILTER (WHERE builds.state IN ('created', 'queued', 'running')) AS unended,
      count(*) FILTER (WHERE builds.state = 'complete') AS complete,
      count(own.app) AS total,
      string_agg(DISTINCT builds.id || ' of ' || builds.app || ': ' || builds.reason, '; ')
        FILTER (WHERE builds.state IN ('failed', 'cancelled')) AS reasons,
      bool_or(builds.state = 'failed') AS has_failed
    FROM workflow_jobs AS job
    LEFT JOIN workflow_job_builds AS own ON own.job_id = job.id
    LEFT JOIN builds ON builds.id = own.build_id
    WHERE job.ended_at IS NULL AND (
      job.state = 'building'
      OR job.state = 'promoting' AND NOT EXISTS (SELECT FROM workflow_job_builds WHERE job_id = job.id)
    )
    GROUP BY job.id
  ), ended AS (
    SELECT id,
      coalesce(reasons, CASE total WHEN 0 THEN 'its apps were deleted' ELSE 'a build of it was deleted' END) AS reasons,
      CASE WHEN complete = total AND total > 0 THEN 'complete' WHEN has_failed THEN 'failed' ELSE 'cancelled' END AS state
    FROM counted WHERE unended = 0
  )
  UPDATE workflow_jobs AS job SET
    state = CASE WHEN ended.state = 'complete' AND plan ->> 'promote' = 'automatic' THEN 'promoting' ELSE ended.state END,
    ended_at = CASE WHEN ended.state = 'complete' AND plan ->> 'promote' = 'automatic' THEN NULL ELSE ${NOW} END,
    reason = CASE ended.state WHEN 'complete' THEN '' ELSE left(ended.reasons, 1000) END
  FROM ended WHERE ended.id = job.id AND job.ended_at IS NULL`;

/** From builds that have not ended, which are few. */
const LEFT = `
  SELECT builds.app, builds.id AS "buildId", job.reason
  FROM builds
  JOIN workflow_job_builds AS own ON own.build_id = builds.id AND own.build_id <> ''
  JOIN workflow_jobs AS job ON job.id = own.job_id
  WHERE builds.state IN ('created', 'queued', 'running') AND job.state IN ('failed', 'cancelled')`;

const PROMOTING = `
  SELECT job.id AS job_id, job.workflow_id, own.app, builds.release_id, promotions.state, promotions.reason
  FROM (
    SELECT id, workflow_id, ordinal FROM workflow_jobs WHERE ended_at IS NULL AND state = 'promoting' ORDER BY ordinal LIMIT ?
  ) AS job
  JOIN workflow_job_builds AS own ON own.job_id = job.id
  LEFT JOIN builds ON builds.id = own.build_id
  LEFT JOIN promotions ON promotions.workflow_job_id = job.id AND promotions.app = own.app
  ORDER BY job.ordinal, own.app`;

interface PromotingRow {
  readonly job_id: string;
  readonly workflow_id: string;
  readonly app: string;
  readonly release_id: string | null;
  readonly state: PromotionState | null;
  readonly reason: string | null;
}

function promotingFromRow({ state, reason, ...row }: PromotingRow): PromotingBuild {
  return {
    jobId: row.job_id,
    workflowId: row.workflow_id,
    app: row.app,
    releaseId: row.release_id ?? '',
    promotion: state === null ? null : { state, reason: reason ?? '' },
  };
}

const UNENDED = { rows: 'FROM workflow_jobs WHERE ended_at IS NULL', otherwise: 0 };

/** Opens how jobs go on. */
export function createJobProgressRepository(knex: Knex): JobProgressRepository {
  return {
    advance: () =>
      runIfAny(knex, UNENDED, async (transaction) => {
        await lockWorkflows(transaction);
        const { rowCount } = await transaction.raw<{ rowCount: number }>(ADVANCE);
        return rowCount;
      }),
    listPromoting: async ({ limit }) => {
      const { rows } = await knex.raw<{ rows: PromotingRow[] }>(PROMOTING, [limit]);
      return rows.map(promotingFromRow);
    },
    listLeftBuilds: async () => (await knex.raw<{ rows: LeftBuild[] }>(LEFT)).rows,
  };
}
