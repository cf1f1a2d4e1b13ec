import type { ForgeEvent, ForgeKind } from '@convox-builds/forge';

import { recordFromRow } from './rows.js';
import type {
  DeliveryOutcome,
  HookRecord,
  JobBuild,
  JobPlan,
  JobRecord,
  JobState,
  ReceivedDelivery,
  WorkflowKind,
  WorkflowOptions,
  WorkflowRecord,
} from './workflow-records.js';

/** A row of `workflow_hooks`. */
export interface WorkflowHookRow {
  readonly id: string;
  readonly kind: ForgeKind;
  readonly host: string;
  readonly repository: string;
  readonly secret: string;
  readonly previous_secret: string;
  readonly rotated_at: Date | null;
  readonly created_at: Date;
}

/** A row of `workflows`. */
export interface WorkflowRow {
  readonly id: string;
  readonly hook_id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: WorkflowKind;
  readonly url: string;
  readonly branches: string[];
  readonly tags: string[];
  readonly paths: string[];
  readonly apps: string[];
  readonly options: WorkflowOptions;
  readonly promote: 'automatic' | 'manual';
  readonly concurrency: 'queue' | 'supersede';
  readonly forks: boolean;
  readonly enabled: boolean;
  readonly created_at: Date;
}

/** A row of `workflow_deliveries`. */
export interface WorkflowDeliveryRow {
  readonly id: string;
  readonly hook_id: string;
  readonly delivery_id: string;
  readonly events: readonly ForgeEvent[];
  readonly state: 'pending' | 'ended';
  readonly run: number;
  readonly outcomes: readonly DeliveryOutcome[];
  readonly ordinal: string;
  readonly created_at: Date;
}

/** A row of `workflow_jobs`. */
export interface WorkflowJobRow {
  readonly id: string;
  readonly workflow_id: string;
  readonly delivery_id: string | null;
  readonly run: number;
  readonly subject: string;
  readonly commit: string;
  readonly title: string;
  readonly plan: JobPlan;
  readonly state: JobState;
  readonly reason: string;
  readonly ordinal: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

/** A row of `workflow_job_builds`. */
export interface WorkflowJobBuildRow {
  readonly job_id: string;
  readonly app: string;
  readonly build_id: string;
}

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
