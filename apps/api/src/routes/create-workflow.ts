import type { createWorkflowSchema, updateWorkflowSchema } from '@convox-builds/api-contract';
import { createWorkflowId, MAX_REVIEWED_APP_LENGTH } from '@convox-builds/domain';
import type { WorkflowChange, WorkflowOptions, WorkflowRecord } from '@convox-builds/store';
import type { z } from 'zod';

import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';
import { findForgeOf, repositoryOf } from '../workflows/repository-of.js';

type CreateWorkflow = z.output<typeof createWorkflowSchema>;
type UpdateWorkflow = z.output<typeof updateWorkflowSchema>;

const MAX_WORKFLOWS = 1000;

/** What a pull request builds may be anything; it is promoted nowhere but in an app of its own. */
function assertReviews(workflow: Pick<WorkflowRecord, 'kind' | 'promote' | 'reviewApps' | 'apps'>): void {
  const { kind, promote, reviewApps, apps } = workflow;
  if (reviewApps && kind !== 'review') throw new HttpError(400, 'review-apps is for workflows of kind review');
  if (kind === 'review' && promote === 'automatic' && !reviewApps)
    throw new HttpError(400, 'promote must be manual: releases of pull requests are promoted in review-apps only');
  const tooLong = reviewApps ? apps.find((app) => app.length > MAX_REVIEWED_APP_LENGTH) : undefined;
  if (tooLong !== undefined)
    throw new HttpError(
      400,
      `review-apps takes names of up to ${MAX_REVIEWED_APP_LENGTH} characters: ${tooLong} is longer`,
    );
}

async function assertApps({ store }: ApiParts, apps: readonly string[]): Promise<void> {
  for (const app of apps) if ((await store.apps.find(app)) === undefined) throw notFound('app', app);
}

function taken(app: string, name: string): HttpError {
  return new HttpError(409, `app ${app} has a workflow ${name} already`);
}

/** Without any pattern it is of the branch `main`, or of all branches that pull requests go into. */
function defaultBranches({ kind, tags }: CreateWorkflow): string[] {
  if (kind === 'review') return ['**'];
  return tags === undefined ? ['main'] : [];
}

function forgeOf({ forge }: CreateWorkflow, host: string) {
  const kind = forge ?? findForgeOf(host);
  if (kind === undefined) throw new HttpError(400, `forge is required: nobody knows who sends the webhooks of ${host}`);
  return kind;
}

function optionsFrom(input: UpdateWorkflow, options: Partial<WorkflowOptions> = {}): WorkflowOptions {
  return {
    manifest: input.manifest ?? options.manifest ?? '',
    buildArgs: input.buildArgs ?? options.buildArgs ?? {},
    submodules: input.submodules ?? options.submodules ?? false,
    poll: input.poll ?? options.poll ?? false,
    before: input.before ?? options.before ?? '',
    after: input.after ?? options.after ?? '',
  };
}

/**
 * Creates a workflow.
 *
 * @throws {HttpError} 400, 404, 409
 */
export async function createWorkflow(parts: ApiParts, input: CreateWorkflow): Promise<WorkflowRecord> {
  const { store } = parts;
  const { app, name, kind, repository: url } = input;
  const repository = repositoryOf(url);
  const forge = forgeOf(input, repository.host);
  const isReview = kind === 'review';
  const { apps = [app], 'review-apps': reviewApps = false } = input;
  const { promote = isReview && !reviewApps ? 'manual' : 'automatic' } = input;
  assertReviews({ kind, promote, reviewApps, apps });
  await assertApps(parts, [app, ...apps]);
  if ((await store.workflows.list()).length >= MAX_WORKFLOWS)
    throw new HttpError(409, `there are ${MAX_WORKFLOWS} workflows, delete one of them first`);
  const workflow = await store.workflows.create({
    id: createWorkflowId(),
    ...{ app, name, kind, url, apps },
    repository: { kind: forge, ...repository },
    branches: input.branches ?? defaultBranches(input),
    tags: input.tags ?? [],
    paths: input.paths ?? [],
    options: optionsFrom(input),
    promote,
    concurrency: input.concurrency ?? (isReview ? 'supersede' : 'queue'),
    forks: input.forks ?? false,
    reviewApps,
    enabled: input.enabled ?? true,
  });
  if (workflow === undefined) throw taken(app, name);
  return workflow;
}

function changeFrom({ options }: WorkflowRecord, input: UpdateWorkflow): WorkflowChange {
  const { name, branches, tags, paths, apps, promote, concurrency, forks, 'review-apps': reviewApps, enabled } = input;
  const change = { name, branches, tags, paths, apps, promote, concurrency, forks, reviewApps, enabled };
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...given, options: optionsFrom(input, options) };
}

/**
 * Changes a workflow; what is not given stays. Jobs that it has started stay as they are.
 *
 * @throws {HttpError} 400, 404, 409
 */
export async function updateWorkflow(
  parts: ApiParts,
  workflow: WorkflowRecord,
  input: UpdateWorkflow,
): Promise<WorkflowRecord> {
  const change = changeFrom(workflow, input);
  assertReviews({ ...workflow, ...change });
  if (input.apps !== undefined) await assertApps(parts, input.apps);
  const updated = await parts.store.workflows.update(workflow.id, change);
  if (updated === undefined) throw taken(workflow.app, input.name ?? workflow.name);
  return updated;
}
