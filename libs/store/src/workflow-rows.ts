import type { ForgeEvent, ForgeKind } from '@convox-builds/forge';

import type { DeliveryOutcome, JobPlan, JobState, WorkflowKind, WorkflowOptions } from './workflow-records.js';

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
  readonly review_apps: boolean;
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

/** A row of `pull_requests`. */
export interface PullRequestRow {
  readonly hook_id: string;
  readonly number: number;
  readonly is_open: boolean;
  /** By the forge's clock; `null`: it did not tell. */
  readonly changed_at: Date | null;
}

/** A row of `review_apps`. */
export interface ReviewAppRow {
  readonly app: string;
  /** The app that it is a review of; `null`: it is gone. */
  readonly of_app: string | null;
  /** `null`: it is gone. */
  readonly workflow_id: string | null;
  readonly number: number;
}
