import type { Knex } from 'knex';

import { msAgo, NOW } from './claims.js';
import { cancelJobs, insertJob, type NewJob } from './insert-job.js';
import { createJobProgressRepository, type JobProgressRepository } from './job-progress.js';
import { jobFromRow } from './workflow-from-row.js';
import { lockWorkflows } from './workflow-lock.js';
import type { JobBuild, JobRecord, WorkflowRecord } from './workflow-records.js';
import type { WorkflowJobRow } from './workflow-rows.js';

/** Which jobs are listed. */
export interface JobFilter {
  /** Of one workflow; without it of all. */
  readonly workflowId?: string | undefined;
  readonly limit: number;
}

/** What workflows started. */
export interface JobRepository extends JobProgressRepository {
  /** Records a job that a person wants. */
  create(workflow: WorkflowRecord, job: Pick<NewJob, 'subject' | 'commit' | 'title' | 'plan'>): Promise<JobRecord>;
  find(id: string): Promise<JobRecord | undefined>;
  /** The newest first. */
  list(filter: JobFilter): Promise<JobRecord[]>;
  /** Jobs whose turn it is: no older one of their workflow and subject has not ended. The oldest first. */
  listToStart(options: { limit: number }): Promise<JobRecord[]>;
  /** Notes that all builds of a job are recorded; `false`: it does not wait any more. */
  markBuilding(id: string): Promise<boolean>;
  /** Cancels a job that waits or builds; what it builds is to be cancelled, too. `false`: it has come further. */
  cancel(id: string, reason: string): Promise<boolean>;
  /** Ends a job that has not ended; `false`: it has. */
  end(id: string, state: 'complete' | 'failed', reason: string): Promise<boolean>;
  /** Deletes those that ended longer ago. */
  forget(options: { olderThanMs: number }): Promise<number>;
}

const IS_FIRST = `NOT EXISTS (
  SELECT FROM workflow_jobs AS older
  WHERE older.workflow_id = workflow_jobs.workflow_id AND older.subject = workflow_jobs.subject
    AND older.ordinal < workflow_jobs.ordinal AND older.ended_at IS NULL
)`;

async function withBuilds(knex: Knex, rows: readonly WorkflowJobRow[]): Promise<JobRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const builds = await knex('workflow_job_builds').whereIn('job_id', ids).orderBy('app');
  const byJob = new Map(ids.map((id): [string, JobBuild[]] => [id, []]));
  for (const { job_id, app, build_id } of builds) byJob.get(job_id)?.push({ app, buildId: build_id });
  return rows.map((row) => jobFromRow(row, byJob.get(row.id) ?? []));
}

/** Opens what workflows started of a database. */
export function createJobRepository(knex: Knex): JobRepository {
  const find = async (id: string) => (await withBuilds(knex, await knex('workflow_jobs').where({ id }))).at(0);
  return {
    ...createJobProgressRepository(knex),
    create: async (workflow, job) => {
      const id = await knex.transaction(async (transaction) => {
        await lockWorkflows(transaction);
        return insertJob(transaction, workflow, { ...job, apps: workflow.apps, deliveryId: null, run: 1 });
      });
      const created = await find(id);
      if (created === undefined) throw new Error(`Cannot find job "${id}": its workflow was deleted meanwhile`);
      return created;
    },
    find,
    list: async ({ workflowId, limit }) => {
      const where = workflowId === undefined ? {} : { workflow_id: workflowId };
      return withBuilds(knex, await knex('workflow_jobs').where(where).orderBy('ordinal', 'desc').limit(limit));
    },
    listToStart: async ({ limit }) =>
      withBuilds(
        knex,
        await knex('workflow_jobs')
          .where({ state: 'waiting', ended_at: null })
          .whereRaw(IS_FIRST)
          .orderBy('ordinal')
          .limit(limit),
      ),
    markBuilding: async (id) =>
      (await knex('workflow_jobs').where({ id, state: 'waiting' }).update({ state: 'building' })) > 0,
    cancel: async (id, reason) => (await cancelJobs(knex, { id }, reason)) > 0,
    end: async (id, state, reason) =>
      (await knex('workflow_jobs')
        .where({ id, ended_at: null })
        .update({ state, reason, ended_at: knex.raw(NOW) })) > 0,
    forget: ({ olderThanMs }) => knex('workflow_jobs').where('ended_at', '<', msAgo(knex, olderThanMs)).delete(),
  };
}
