import { isWorkflowId } from '@convox-builds/domain';
import type { HookRecord, WorkflowRecord } from '@convox-builds/store';

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
