import { createJobId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { NOW } from './claims.js';
import type { JobPlan, WorkflowRecord } from './workflow-records.js';

/** What is to be built. */
export interface NewJob {
  /** `null`: a person wants it. */
  readonly deliveryId: string | null;
  readonly run: number;
  readonly subject: string;
  readonly commit: string;
  readonly title: string;
  readonly plan: JobPlan;
  /** The apps that it builds, as far as they are there. */
  readonly apps: readonly string[];
}

/** Cancels what has not come so far that it is promoted, but for one job if it is named; how many. */
export async function cancelJobs(
  knex: Knex,
  which: { readonly id: string } | { readonly workflow_id: string; readonly subject: string },
  reason: string,
  { exceptId = '' } = {},
): Promise<number> {
  return knex('workflow_jobs')
    .where(which)
    .whereIn('state', ['waiting', 'building'])
    .whereNot({ id: exceptId })
    .update({ state: 'cancelled', reason, ended_at: knex.raw(NOW) });
}

/** Records a job, inside a transaction that has locked the workflows; answers its id. */
export async function insertJob(knex: Knex, workflow: WorkflowRecord, job: NewJob): Promise<string> {
  const id = createJobId();
  const { deliveryId, run, subject, commit, title, plan, apps: names } = job;
  const what = { run, subject, commit, title, plan: JSON.stringify(plan) };
  await knex('workflow_jobs').insert({
    id,
    workflow_id: workflow.id,
    delivery_id: deliveryId,
    ...what,
    state: 'waiting',
  });
  const apps = await knex('apps').whereIn('name', names).pluck('name');
  // Knex refuses to insert nothing; a job without apps ends by itself, see job-progress.ts.
  if (apps.length > 0) await knex('workflow_job_builds').insert(apps.map((app) => ({ job_id: id, app })));
  if (workflow.concurrency === 'supersede') {
    await cancelJobs(knex, { workflow_id: workflow.id, subject }, `superseded by job ${id}`, { exceptId: id });
  }
  return id;
}
