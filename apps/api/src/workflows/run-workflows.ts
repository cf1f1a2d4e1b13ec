import { type Loop, startLoop } from '@convox-builds/runtime';
import type { JobRecord, SettleOptions } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { runSteps } from '../run-steps.js';
import { decideOnWorkflow, requestRefsOf } from './decide-on-workflow.js';
import { promoteJobs } from './promote-jobs.js';
import { startJob } from './start-job.js';

const EVERY_MS = 1000;
const DELIVERIES_AT_ONCE = 50;
/** Fewer than there are connections to the database: webhooks have to be answered meanwhile. */
const JOBS_AT_ONCE = 4;
const FORGOTTEN_AFTER_MS = 30 * 24 * 3_600_000;

/** Looks at what repositories told of, until nothing is left. */
async function settleDeliveries({ store, logger, metrics }: ApiParts, signal: AbortSignal): Promise<void> {
  const options: SettleOptions = {
    limit: DELIVERIES_AT_ONCE,
    decide: (workflow, event, { kind }) => decideOnWorkflow(workflow, event, requestRefsOf(kind)),
    onFailure: (error, { id }) => {
      logger.error({ err: error, deliveryId: id }, 'Cannot settle a delivery');
      metrics.reconcileFailures.inc({ step: 'settleDeliveries' });
    },
  };
  while (!signal.aborted && (await store.receivedDeliveries.settle(options)) === DELIVERIES_AT_ONCE);
}

/** Creates the builds of a job. One that cannot be started does not keep the others. */
async function tryToStart(parts: ApiParts, job: JobRecord): Promise<boolean> {
  try {
    await startJob(parts, job);
    return true;
  } catch (error) {
    parts.logger.warn({ err: error, jobId: job.id }, 'Cannot start the builds of a workflow');
    return false;
  }
}

/** Creates the builds of jobs whose turn it is, until none is left or one cannot be started now. */
async function startJobs(parts: ApiParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const jobs = await parts.store.jobs.listToStart({ limit: JOBS_AT_ONCE });
    const areStarted = await Promise.all(jobs.map((job) => tryToStart(parts, job)));
    if (jobs.length < JOBS_AT_ONCE || areStarted.includes(false)) return;
  }
}

async function advanceJobs({ store }: ApiParts): Promise<void> {
  await store.jobs.advance();
}

/** What a job that was given up had begun is stopped. */
async function cancelLeftBuilds({ store, queue, logHub }: ApiParts): Promise<void> {
  for (const { app, buildId, reason } of await store.jobs.listLeftBuilds()) {
    await store.builds.cancel(app, buildId, { actor: `its workflow: ${reason}` });
    logHub.wake(buildId);
    await queue.announceCancel(buildId);
  }
}

/** Apps of pull requests go when nothing needs them any more. What their builds have left is removed as of any deleted app. */
async function removeReviewApps({ store, objects }: ApiParts): Promise<void> {
  for (const name of await store.reviewApps.removeLeft()) await objects.deleteAll(`${name}/`);
}

/** Forgets what nobody will ask for any more. */
export async function forgetWorkflowLeftovers({ store }: Pick<ApiParts, 'store'>): Promise<void> {
  await store.receivedDeliveries.forget({ olderThanMs: FORGOTTEN_AFTER_MS });
  await store.jobs.forget({ olderThanMs: FORGOTTEN_AFTER_MS });
  await store.workflows.forgetHooks();
}

/** Moves all workflows on by what the rows say, once. Each part is tried; safe on any number of replicas at the same time. */
export async function runWorkflows(parts: ApiParts, signal: AbortSignal): Promise<void> {
  const steps = [settleDeliveries, startJobs, advanceJobs, cancelLeftBuilds, promoteJobs, removeReviewApps];
  await runSteps(steps, parts, { failure: 'Cannot run workflows', signal });
}

/** Runs workflows every second until stopped. */
export function startWorkflows(parts: ApiParts): Loop {
  return startLoop((signal) => runWorkflows(parts, signal), { everyMs: EVERY_MS });
}
