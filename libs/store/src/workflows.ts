import { createHookId } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { insertedRow } from './rows.js';
import { workflowFromRow } from './workflow-from-row.js';
import type { HookRecord, WorkflowRecord } from './workflow-records.js';

/** What of a workflow may be changed. */
export type WorkflowChange = Partial<Omit<WorkflowRecord, 'id' | 'hookId' | 'app' | 'kind' | 'url' | 'createdAt'>>;

/** A new workflow, and the repository that it watches. */
export interface NewWorkflow extends Omit<WorkflowRecord, 'hookId' | 'createdAt'> {
  readonly repository: Pick<HookRecord, 'kind' | 'host' | 'repository'>;
}

/** The workflows of a rack. */
export interface WorkflowRepository {
  /** Creates a workflow, and the place for its repository's webhooks unless another workflow has it; `undefined`: the app has one of that name. */
  create(workflow: NewWorkflow): Promise<WorkflowRecord | undefined>;
  find(id: string): Promise<WorkflowRecord | undefined>;
  /** All of them, or those of one app, the oldest first. */
  list(app?: string): Promise<WorkflowRecord[]>;
  /** Changes what is given; `undefined`: the app has another one of that name. */
  update(id: string, change: WorkflowChange): Promise<WorkflowRecord | undefined>;
  /** Deletes a workflow with its jobs. What they build goes on. */
  delete(id: string): Promise<void>;
  /** Deletes the places for webhooks that no workflow has any more. */
  forgetHooks(): Promise<number>;
}

function columnsOf(change: WorkflowChange) {
  const { branches, tags, paths, apps, options, reviewApps, ...rest } = change;
  const columns = {
    ...rest,
    branches: branches && [...branches],
    tags: tags && [...tags],
    paths: paths && [...paths],
    apps: apps && [...apps],
    review_apps: reviewApps,
    options: options && JSON.stringify(options),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** The place of a repository; somebody else may make it at the same time. */
async function findOrCreateHook(knex: Knex, repository: NewWorkflow['repository']): Promise<string> {
  const rows = await knex('workflow_hooks')
    .insert({ id: createHookId(), ...repository })
    .onConflict(['kind', 'host', 'repository'])
    .merge(['repository'])
    .returning('id');
  return insertedRow(rows).id;
}

async function createWorkflow(knex: Knex, workflow: NewWorkflow): Promise<WorkflowRecord | undefined> {
  const { id, app, kind, url, repository, ...change } = workflow;
  const hookId = await findOrCreateHook(knex, repository);
  const columns = { id, hook_id: hookId, app, kind, url, ...columnsOf(change) };
  const rows = await knex('workflows').insert(columns).onConflict(['app', 'name']).ignore().returning('*');
  return rows.map(workflowFromRow).at(0);
}

async function updateWorkflow(knex: Knex, id: string, change: WorkflowChange): Promise<WorkflowRecord | undefined> {
  const own = await knex('workflows').where({ id }).forUpdate().first();
  if (own === undefined) return undefined;
  const { name = own.name } = change;
  const other = await knex('workflows').where({ app: own.app, name }).whereNot({ id }).first('id');
  if (other !== undefined) return undefined;
  const rows = await knex('workflows')
    .where({ id })
    .update({ name, ...columnsOf(change) })
    .returning('*');
  return rows.map(workflowFromRow).at(0);
}

/** Opens the workflows of a database. */
export function createWorkflowRepository(knex: Knex): WorkflowRepository {
  return {
    create: (workflow) => knex.transaction((transaction) => createWorkflow(transaction, workflow)),
    find: async (id) => (await knex('workflows').where({ id })).map(workflowFromRow).at(0),
    list: async (app) =>
      (
        await knex('workflows')
          .where(app === undefined ? {} : { app })
          .orderBy(['created_at', 'id'])
      ).map(workflowFromRow),
    update: (id, change) => knex.transaction((transaction) => updateWorkflow(transaction, id, change)),
    delete: async (id) => {
      await knex('workflows').where({ id }).delete();
    },
    forgetHooks: () =>
      knex('workflow_hooks')
        .whereNotExists(knex('workflows').whereRaw('workflows.hook_id = workflow_hooks.id'))
        .delete(),
  };
}
