import { reviewAppName } from '@convox-builds/domain';
import type { ForgeEvent } from '@convox-builds/forge';
import type { Knex } from 'knex';

import { cancelJobs, insertJob, type NewJob } from './insert-job.js';
import { notePullRequest } from './pull-requests.js';
import { openReviewApps, type Review } from './review-apps.js';
import { hookFromRow, workflowFromRow } from './workflow-from-row.js';
import type { DeliveryOutcome, HookRecord, ReceivedDelivery, WorkflowRecord } from './workflow-records.js';

/** What an event is to a workflow: a job, the end of what runs for a subject, or nothing. */
export type WorkflowDecision =
  | {
      readonly start: Pick<NewJob, 'subject' | 'commit' | 'title' | 'plan'> & {
        /** It is built into apps of its own. */
        readonly review?: Review;
      };
    }
  | { readonly cancel: string; readonly reason: string }
  | { readonly ignore: string };

/** Decides by what it is given alone: a workflow, an event of its repository, and where that came in. */
export type DecideOnWorkflow = (workflow: WorkflowRecord, event: ForgeEvent, hook: HookRecord) => WorkflowDecision;

type Start = Extract<WorkflowDecision, { start: unknown }>['start'];

/**
 * A commit that a poll and a webhook told of, or a pull request whose title changed, is not built again; unless the apps that it was
 * built into are gone.
 */
async function findSameJob(knex: Knex, workflow: WorkflowRecord, { subject, commit }: Start) {
  const newest = await knex('workflow_jobs')
    .where({ workflow_id: workflow.id, subject })
    .orderBy('ordinal', 'desc')
    .first();
  if (newest === undefined || newest.commit !== commit || newest.state === 'cancelled') return undefined;
  return (await knex('workflow_job_builds').where({ job_id: newest.id }).first('app')) && newest.id;
}

async function startJob(knex: Knex, workflow: WorkflowRecord, delivery: ReceivedDelivery, start: Start) {
  const same = delivery.run === 1 ? await findSameJob(knex, workflow, start) : undefined;
  if (same !== undefined) return { job: '', reason: `job ${same} is of the same commit` };
  const { review, ...job } = start;
  const taken = review && (await openReviewApps(knex, workflow, review));
  if (taken !== undefined) return { job: '', reason: `app ${taken} is there already, and not of this workflow` };
  const apps = review ? workflow.apps.map((app) => reviewAppName(app, review.number)) : workflow.apps;
  const { id: deliveryId, run } = delivery;
  return { job: await insertJob(knex, workflow, { ...job, apps, deliveryId, run }), reason: '' };
}

async function carryOut(
  knex: Knex,
  { delivery, workflow }: { delivery: ReceivedDelivery; workflow: WorkflowRecord },
  decision: WorkflowDecision,
): Promise<DeliveryOutcome> {
  if ('start' in decision) {
    return { workflow: workflow.id, ...(await startJob(knex, workflow, delivery, decision.start)) };
  }
  if ('ignore' in decision) return { workflow: workflow.id, job: '', reason: decision.ignore };
  await cancelJobs(knex, { workflow_id: workflow.id, subject: decision.cancel }, decision.reason);
  return { workflow: workflow.id, job: '', reason: decision.reason };
}

/** Looks at a delivery for every workflow of its repository, inside a transaction. */
export async function settleDelivery(
  knex: Knex,
  delivery: ReceivedDelivery,
  decide: DecideOnWorkflow,
): Promise<DeliveryOutcome[]> {
  const rows = await knex('workflows').where({ hook_id: delivery.hookId }).orderBy(['created_at', 'id']);
  const workflows = rows.map(workflowFromRow);
  const [hook] = (await knex('workflow_hooks').where({ id: delivery.hookId })).map(hookFromRow);
  if (hook === undefined) return [];
  const outcomes: DeliveryOutcome[] = [];
  for (const event of delivery.events) {
    if (event.kind === 'ignored') {
      outcomes.push({ workflow: '', job: '', reason: event.reason });
      continue;
    }
    if (event.kind === 'pull-request' && !(await notePullRequest(knex, { hookId: hook.id, event }))) {
      outcomes.push({ workflow: '', job: '', reason: `pull request #${event.number} was closed or changed since` });
      continue;
    }
    for (const workflow of workflows) {
      outcomes.push(await carryOut(knex, { delivery, workflow }, decide(workflow, event, hook)));
    }
  }
  return outcomes.length > 0 ? outcomes : [{ workflow: '', job: '', reason: 'no workflow is of this repository' }];
}
