import { reviewAppName } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { insertApp } from './apps.js';
import { createRelease, findLatestRelease } from './releases.js';
import { runIfAny } from './run-if-any.js';
import { lockWorkflows } from './workflow-lock.js';
import type { WorkflowRecord } from './workflow-records.js';

/** The pull request that apps are of. */
export interface Review {
  readonly number: number;
  /** Then nothing secret is given to its apps: whoever opened it chooses what they run. */
  readonly isFromFork: boolean;
}

/** The apps of pull requests. Deliveries make them, see {@link ReceivedDeliveryRepository}. */
export interface ReviewAppRepository {
  /**
   * Deletes those whose pull request is closed, or whose workflow or target is gone, when all that they have begun is over and
   * their forge was told of it; not those that are locked.
   *
   * @returns their names
   */
  removeLeft(): Promise<string[]>;
}

const REMOVE = `
  DELETE FROM apps WHERE name IN (
    SELECT own.app
    FROM review_apps AS own
    LEFT JOIN workflows ON workflows.id = own.workflow_id
    LEFT JOIN pull_requests AS request ON request.hook_id = workflows.hook_id AND request.number = own.number
    WHERE (own.of_app IS NULL OR workflows.review_apps IS NOT TRUE OR request.is_open IS NOT TRUE)
      AND NOT EXISTS (SELECT FROM builds WHERE app = own.app AND state IN ('created', 'queued', 'running'))
      AND NOT EXISTS (
        SELECT FROM workflow_job_builds AS part JOIN workflow_jobs AS job ON job.id = part.job_id
        WHERE part.app = own.app AND job.ended_at IS NULL
      )
      AND NOT EXISTS (
        SELECT FROM feedback JOIN builds ON builds.id = feedback.build_id
        WHERE builds.app = own.app AND feedback.state = 'pending'
      )
  ) AND NOT locked
  RETURNING name`;

async function copyEnvironment(knex: Knex, from: string, to: string): Promise<void> {
  const environment = (await findLatestRelease(knex, from))?.environment ?? '';
  if (environment !== '') await createRelease(knex, { app: to, environment, description: `environment of ${from}` });
}

/** Makes sure of a review's app of one app; `false`: somebody else has an app of that name. */
async function openReviewApp(
  knex: Knex,
  { workflowId, ofApp }: { workflowId: string; ofApp: string },
  { number, isFromFork }: Review,
): Promise<boolean> {
  const app = reviewAppName(ofApp, number);
  const target = await knex('apps').where({ name: ofApp }).first();
  if (target === undefined) return true;
  const { generation, parameters } = target;
  if ((await insertApp(knex, { name: app, generation, parameters })) === undefined)
    return (await knex('review_apps').where({ app, workflow_id: workflowId }).first('app')) !== undefined;
  await knex('review_apps').insert({ app, of_app: ofApp, workflow_id: workflowId, number });
  if (!isFromFork) await copyEnvironment(knex, ofApp, app);
  return true;
}

/**
 * Makes the apps of a pull request that are not there yet, one for each app of a workflow: with its parameters, and the environment of
 * its newest release. To be run in a transaction that has locked the workflows.
 *
 * @returns the name of an app that is there and somebody else's, if there is one: then the others are not needed
 */
export async function openReviewApps(
  knex: Knex,
  workflow: Pick<WorkflowRecord, 'id' | 'apps'>,
  review: Review,
): Promise<string | undefined> {
  for (const ofApp of workflow.apps) {
    const isOpen = await openReviewApp(knex, { workflowId: workflow.id, ofApp }, review);
    if (!isOpen) return reviewAppName(ofApp, review.number);
  }
  return undefined;
}

/** Opens the apps of pull requests of a database. */
export function createReviewAppRepository(knex: Knex): ReviewAppRepository {
  return {
    removeLeft: () =>
      runIfAny<string[]>(knex, { rows: 'FROM review_apps', otherwise: [] }, async (transaction) => {
        await lockWorkflows(transaction);
        const { rows } = await transaction.raw<{ rows: { name: string }[] }>(REMOVE);
        return rows.map(({ name }) => name);
      }),
  };
}
