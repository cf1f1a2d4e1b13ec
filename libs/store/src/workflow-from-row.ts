import { recordFromRow } from './rows.js';
import type { HookRecord, JobBuild, JobRecord, ReceivedDelivery, WorkflowRecord } from './workflow-records.js';
import type { WorkflowDeliveryRow, WorkflowHookRow, WorkflowJobRow, WorkflowRow } from './workflow-rows.js';

/** A row of `workflows`. */
export function workflowFromRow(row: WorkflowRow): WorkflowRecord {
  return recordFromRow(row);
}

/** A row of `workflow_hooks`, without the columns that are the store's own business. */
export function hookFromRow(row: WorkflowHookRow): HookRecord {
  const { rotated_at: _rotated, created_at: _created, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `workflow_deliveries`, without the columns that are the store's own business. */
export function receivedDeliveryFromRow(row: WorkflowDeliveryRow): ReceivedDelivery {
  const { ordinal: _ordinal, ...columns } = row;
  return recordFromRow(columns);
}

/** A row of `workflow_jobs` with its builds, without the columns that are the store's own business. */
export function jobFromRow(row: WorkflowJobRow, builds: readonly JobBuild[]): JobRecord {
  const { ordinal: _ordinal, run: _run, ...columns } = row;
  return { ...recordFromRow(columns), builds };
}
