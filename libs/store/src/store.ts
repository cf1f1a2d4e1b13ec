import { describeSchema, migrate, type SchemaDescription } from '@convox-builds/migrations';

import { type AppConfigRepository, createAppConfigRepository } from './app-configs.js';
import { type AppRepository, createAppRepository } from './apps.js';
import { type AttemptRepository, createAttemptRepository } from './attempts.js';
import { type BaseImageRepository, createBaseImageRepository } from './base-images.js';
import { type BuildOriginRepository, createBuildOriginRepository } from './build-origins.js';
import { type BuildRepository, createBuildRepository } from './builds.js';
import { openDatabase } from './database.js';
import { createDeliveryRepository, type DeliveryRepository } from './deliveries.js';
import { createFeedbackRepository, type FeedbackRepository } from './feedback.js';
import { createForgeRepository, type ForgeRepository } from './forges.js';
import { createGitCredentialRepository, type GitCredentialRepository } from './git-credentials.js';
import { createGitHostRepository, type GitHostRepository } from './git-hosts.js';
import { createLayerCacheRepository, type LayerCacheRepository } from './layer-caches.js';
import { createLogRepository, type LogRepository } from './logs/log-repository.js';
import type { ObjectStorage } from './objects/object-storage.js';
import { createPolledRepositories, type PolledRepositories } from './polled-repositories.js';
import { createPromotionRepository, type PromotionRepository } from './promotions.js';
import { createQueueRepository, type QueueRepository } from './queue/queue-repository.js';
import { createRegistryRepository, type RegistryRepository } from './registries.js';
import { createReleaseRepository, type ReleaseRepository } from './releases.js';
import { createRemovalRepository, type RemovalRepository } from './removals.js';
import { createRetentionRepository, type RetentionRepository } from './retention.js';
import { createReviewAppRepository, type ReviewAppRepository } from './review-apps.js';
import { createWebhookRepository, type WebhookRepository } from './webhooks.js';
import { createWorkerRepository, type WorkerRepository } from './workers.js';
import { createReceivedDeliveryRepository, type ReceivedDeliveryRepository } from './workflow-deliveries.js';
import { createHookRepository, type HookRepository } from './workflow-hooks.js';
import { createJobRepository, type JobRepository } from './workflow-jobs.js';
import { createWorkflowRepository, type WorkflowRepository } from './workflows.js';

/** Everything of a rack that survives a restart, but for the objects. */
export interface Store {
  readonly apps: AppRepository;
  readonly appConfigs: AppConfigRepository;
  readonly builds: BuildRepository;
  readonly attempts: AttemptRepository;
  readonly queue: QueueRepository;
  readonly workers: WorkerRepository;
  readonly releases: ReleaseRepository;
  readonly retention: RetentionRepository;
  readonly removals: RemovalRepository;
  readonly promotions: PromotionRepository;
  readonly webhooks: WebhookRepository;
  readonly deliveries: DeliveryRepository;
  readonly forges: ForgeRepository;
  readonly buildOrigins: BuildOriginRepository;
  readonly feedback: FeedbackRepository;
  readonly workflows: WorkflowRepository;
  readonly hooks: HookRepository;
  readonly receivedDeliveries: ReceivedDeliveryRepository;
  readonly jobs: JobRepository;
  readonly reviewApps: ReviewAppRepository;
  readonly layerCaches: LayerCacheRepository;
  readonly baseImages: BaseImageRepository;
  readonly logs: LogRepository;
  readonly gitCredentials: GitCredentialRepository;
  readonly gitHosts: GitHostRepository;
  readonly polledRepositories: PolledRepositories;
  readonly registries: RegistryRepository;
  /** Resolves when the database answers; rejects when it does not. */
  readonly checkHealth: () => Promise<void>;
  /** Compares the database's schema with what this version needs. */
  readonly describeSchema: () => Promise<SchemaDescription>;
  /** What time it is for the database. */
  readonly readClock: () => Promise<Date>;
  /** Closes all connections. */
  readonly close: () => Promise<void>;
}

/** Where the store is. */
export interface StoreOptions {
  /** `postgres://user:password@host/database`, or `postgres:///database?host=/folder/of/a/socket`. */
  readonly databaseUrl: string;
  readonly objects: ObjectStorage;
  /** Connections at most, default 10. */
  readonly poolSize?: number;
  /** Told of connections that were lost or could not be made; what a call was for rejects with the same. */
  readonly onWarning?: (message: string) => void;
}

/** Opens the store. Nothing is connected before the first use; a database that is away makes calls reject. */
export function createStore({ databaseUrl, objects, poolSize = 10, onWarning = () => {} }: StoreOptions): Store {
  const knex = openDatabase(databaseUrl, { poolSize, onWarning });
  return {
    apps: createAppRepository(knex),
    appConfigs: createAppConfigRepository(knex),
    builds: createBuildRepository(knex),
    attempts: createAttemptRepository(knex),
    queue: createQueueRepository(knex),
    workers: createWorkerRepository(knex),
    releases: createReleaseRepository(knex),
    retention: createRetentionRepository(knex),
    removals: createRemovalRepository(knex),
    promotions: createPromotionRepository(knex),
    webhooks: createWebhookRepository(knex),
    deliveries: createDeliveryRepository(knex),
    forges: createForgeRepository(knex),
    buildOrigins: createBuildOriginRepository(knex),
    feedback: createFeedbackRepository(knex),
    workflows: createWorkflowRepository(knex),
    hooks: createHookRepository(knex),
    receivedDeliveries: createReceivedDeliveryRepository(knex),
    jobs: createJobRepository(knex),
    reviewApps: createReviewAppRepository(knex),
    layerCaches: createLayerCacheRepository(knex),
    baseImages: createBaseImageRepository(knex),
    logs: createLogRepository(knex, objects),
    gitCredentials: createGitCredentialRepository(knex),
    gitHosts: createGitHostRepository(knex),
    polledRepositories: createPolledRepositories(knex),
    registries: createRegistryRepository(knex),
    checkHealth: async () => {
      await knex.raw('SELECT 1');
    },
    describeSchema: () => describeSchema(knex),
    readClock: async () => {
      const { rows } = await knex.raw<{ rows: { now: Date }[] }>('SELECT clock_timestamp() AS now');
      return rows[0]?.now ?? new Date(Number.NaN);
    },
    close: async () => {
      await knex.destroy();
    },
  };
}

/** A step may rewrite a large table, and a process that started later waits for all of them. */
const MIGRATION_TIMEOUT_MS = 10 * 60_000;

/** Brings the database's schema up to date; answers the names of the steps that it ran. Safe from several processes. */
export async function migrateStore(databaseUrl: string): Promise<string[]> {
  const knex = openDatabase(databaseUrl, { poolSize: 1, queryTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    return await migrate(knex);
  } finally {
    await knex.destroy();
  }
}
