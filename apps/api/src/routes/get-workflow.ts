import { isJobId, isWorkflowId } from '@convox-builds/domain';
import type { HookRecord, JobRecord, WorkflowRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { notFound } from '../http/http-error.js';

/** Gets a workflow, or answers 404. */
export async function getWorkflow({ store }: Pick<ApiParts, 'store'>, id: string): Promise<WorkflowRecord> {
  const workflow = isWorkflowId(id) ? await store.workflows.find(id) : undefined;
  if (workflow === undefined) throw notFound('workflow', id);
  return workflow;
}

/** Gets where the webhooks of a workflow's repository come in; it is there as long as the workflow is. */
export async function getHookOf({ store }: Pick<ApiParts, 'store'>, workflow: WorkflowRecord): Promise<HookRecord> {
  const hook = await store.hooks.find(workflow.hookId);
  if (hook === undefined) throw notFound('workflow', workflow.id);
  return hook;
}

/** Gets what a workflow started, or answers 404. */
export async function getJob({ store }: Pick<ApiParts, 'store'>, id: string): Promise<JobRecord> {
  const job = isJobId(id) ? await store.jobs.find(id) : undefined;
  if (job === undefined) throw notFound('job', id);
  return job;
}
