import type { BuildState, BuiltImages, FailureClass } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { BaseImageRow } from './base-image-row.js';
import type { BuildCacheRow, LayerCacheRow } from './cache-rows.js';
import type { BuildOriginRow, FeedbackRow, ForgeRow } from './forge-rows.js';
import type {
  BuildLoginRow,
  GitCredentialRow,
  GitHostKeyRow,
  PolledRepositoryRow,
  SilentGitServerRow,
} from './git-rows.js';
import type { AppConfigRow, RegistryRow } from './kept-rows.js';
import type { CompactedLogRow, LogChunkRow } from './logs/log-rows.js';
import type { PromotionRow } from './promotion-rows.js';
import type { BuildOptions } from './records.js';
import type { DeliveryRow, WebhookRow } from './webhook-rows.js';
import type {
  PullRequestRow,
  ReviewAppRow,
  WorkflowDeliveryRow,
  WorkflowHookRow,
  WorkflowJobBuildRow,
  WorkflowJobRow,
  WorkflowRow,
} from './workflow-rows.js';

/** A row of `apps`. */
export interface AppRow {
  readonly name: string;
  readonly generation: string;
  readonly locked: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly active_release_id: string;
  readonly source_key: string;
  readonly created_at: Date;
  /** When a build of it was admitted last; `-infinity` before the first. */
  readonly admitted_at: Date;
  /** When its old builds were looked for last; `-infinity` before the first time. */
  readonly pruned_at: Date;
}

/** A row of `builds`. */
export interface BuildRow {
  readonly id: string;
  readonly app: string;
  readonly state: BuildState;
  readonly attempt: number;
  readonly description: string;
  readonly git_sha: string;
  readonly git_branch: string;
  readonly git_author: string;
  readonly git_subject: string;
  readonly source: string;
  readonly options: BuildOptions;
  readonly manifest: string;
  readonly entrypoint: string;
  readonly images: BuiltImages;
  readonly release_id: string;
  readonly logs: string;
  readonly log_seq: number;
  /** How many parts of its log the attempt has stored. */
  readonly log_part: number;
  readonly lost_workers: number;
  readonly ordinal: string;
  readonly failure_class: FailureClass | '';
  readonly reason: string;
  readonly worker: string;
  readonly lease_expires_at: Date | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  /** Index in `BUILD_LANES`. */
  readonly lane: number;
  readonly retries: number;
  readonly not_before: Date;
  /** The worker's process that the dispatcher gave a queued build to. */
  readonly admitted_to: string;
  readonly admitted_at: Date | null;
  /** When its log told last how long it waits. */
  readonly noted_at: Date | null;
  /** When its images got their tags in the registry. */
  readonly tagged_at: Date | null;
  /** When that is to be tried next, if it has none; `-infinity` before the first repair. */
  readonly next_tag_at: Date;
  readonly traceparent: string;
}

interface AttemptRow {
  readonly build_id: string;
  readonly attempt: number;
  readonly worker: string;
  readonly outcome: BuildState;
  readonly failure_class: FailureClass | '';
  readonly reason: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

/** A row of `workers`. */
export interface WorkerRow {
  readonly name: string;
  readonly owner: string;
  readonly slots: number;
  readonly state: 'ready' | 'draining' | 'full';
  readonly note: string;
  readonly seen_at: Date;
}

interface IdempotencyKeyRow {
  readonly app: string;
  readonly key: string;
  readonly request_hash: string;
  readonly build_id: string;
  readonly created_at: Date;
}

/** A row of `releases`. */
export interface ReleaseRow {
  readonly id: string;
  readonly app: string;
  readonly build_id: string;
  readonly is_made_by_build: boolean;
  readonly environment: string;
  readonly manifest: string;
  readonly description: string;
  readonly ordinal: string;
  readonly created_at: Date;
}

/** A row of `removals`. */
export interface RemovalRow {
  readonly id: string;
  readonly app: string;
  readonly kind: 'image' | 'object' | 'repository';
  readonly target: string;
  readonly tries: number;
  readonly reason: string;
  readonly not_before: Date;
  readonly created_at: Date;
}

/** What is written: JSON as text, and anything as an expression. */
type Written<Row, JsonColumns extends keyof Row> = {
  readonly [Column in keyof Row]?: (Column extends JsonColumns ? string : Row[Column]) | Knex.Raw;
};

type Table<Row, JsonColumns extends keyof Row = never> = Knex.CompositeTableType<
  Row,
  Written<Row, JsonColumns>,
  Written<Row, JsonColumns>
>;

declare module 'knex/types/tables.js' {
  interface Tables {
    apps: Table<AppRow, 'parameters'>;
    builds: Table<BuildRow, 'options' | 'images'>;
    releases: Table<ReleaseRow>;
    log_chunks: Table<LogChunkRow>;
    compacted_logs: Table<CompactedLogRow>;
    attempts: Table<AttemptRow>;
    workers: Table<WorkerRow>;
    idempotency_keys: Table<IdempotencyKeyRow>;
    promotions: Table<PromotionRow>;
    removals: Table<RemovalRow>;
    webhooks: Table<WebhookRow>;
    webhook_deliveries: Table<DeliveryRow, 'facts'>;
    build_logins: Table<BuildLoginRow>;
    git_credentials: Table<GitCredentialRow>;
    git_host_keys: Table<GitHostKeyRow>;
    polled_repositories: Table<PolledRepositoryRow, 'known_refs'>;
    silent_git_servers: Table<SilentGitServerRow>;
    registries: Table<RegistryRow>;
    app_configs: Table<AppConfigRow>;
    forges: Table<ForgeRow>;
    build_origins: Table<BuildOriginRow>;
    feedback: Table<FeedbackRow>;
    workflows: Table<WorkflowRow, 'options'>;
    workflow_hooks: Table<WorkflowHookRow>;
    workflow_deliveries: Table<WorkflowDeliveryRow, 'events' | 'outcomes'>;
    workflow_jobs: Table<WorkflowJobRow, 'plan'>;
    workflow_job_builds: Table<WorkflowJobBuildRow>;
    pull_requests: Table<PullRequestRow>;
    review_apps: Table<ReviewAppRow>;
    layer_caches: Table<LayerCacheRow>;
    build_caches: Table<BuildCacheRow>;
    base_images: Table<BaseImageRow>;
  }
}
