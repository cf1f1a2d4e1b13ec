export type { AppConfigRepository } from './app-configs.js';
export type { AppRepository } from './apps.js';
export type { AttemptFailure, AttemptRecord, AttemptRepository, ExpiredLease } from './attempts.js';
export type { BaseImage, BaseImageRepository } from './base-images.js';
export type { BuildOrigin, BuildOriginRepository } from './build-origins.js';
export type { BuildRepository, CancelOutcome } from './builds.js';
export type { DueDelivery } from './claim-deliveries.js';
export type { ClaimFeedback, DueFeedback } from './claim-feedback.js';
export type { ClaimPolls, DuePoll } from './claim-polls.js';
export type { ActiveBuilds } from './count-active.js';
export { buildLoginPlace, type NewBuild, type RequestIdentity } from './create-build.js';
export { isDatabaseAway } from './database-error.js';
export type { DeliveryNext, DeliveryRepository, DeliveryTry } from './deliveries.js';
export type { ExternalBuildChange } from './external-builds.js';
export type { FeedbackNext, FeedbackRecord, FeedbackRepository } from './feedback.js';
export {
  findStoredGitAccess,
  type GitAccessStore,
  type StoredGitAccess,
  type StoredGitAccessOptions,
} from './find-stored-git-access.js';
export { type ForgeRecord, type ForgeRepository, forgePlace, type ListedForge, type NewForge } from './forges.js';
export {
  type GitCredential,
  type GitCredentialKind,
  type GitCredentialName,
  type GitCredentialRepository,
  gitCredentialPlace,
  type SealedGitCredential,
} from './git-credentials.js';
export type { GitHostKey, GitHostRepository } from './git-hosts.js';
export type { ImportedBuild } from './import-build.js';
export type { JobProgressRepository, LeftBuild, PromotingBuild } from './job-progress.js';
export type {
  BuildCacheRecord,
  BuiltService,
  CachePlace,
  ExportedCache,
  LayerCache,
  LayerCacheRepository,
} from './layer-caches.js';
export { type LeaseRepository, openLeases } from './leases.js';
export type { BuildFilter } from './list-builds.js';
export type { LogRepository } from './logs/log-repository.js';
export type { LogOwner, StoredLog } from './logs/store-log.js';
export type { AnnouncedPart, DirectUpload, DirectUploads, SignedPart } from './objects/direct-uploads.js';
export { createDiskObjectStorage } from './objects/disk-object-storage.js';
export { assertKey as assertObjectKey } from './objects/object-keys.js';
export type { ObjectStorage, PutOptions } from './objects/object-storage.js';
export { ObjectStorageError, type ObjectStorageErrorCode } from './objects/object-storage-error.js';
export {
  type ObjectStorageSettings,
  objectStorageSchema,
  objectStorageSettings,
  objectStorageVariables,
} from './objects/object-storage-settings.js';
export { openObjectStorage } from './objects/open-object-storage.js';
export type { S3Encryption, S3Settings } from './objects/s3/s3-settings.js';
export type { StoredObject } from './objects/stored-object.js';
export type { PolledRepositories, PolledRepository, PollFailure } from './polled-repositories.js';
export type { PromotionClaim, PromotionRunRepository } from './promotion-runs.js';
export type { NewPromotion, PromotionRefusal, PromotionRepository } from './promotions.js';
export type { QueueLimits, RungBuild } from './queue/admit.js';
export type { QueueWait } from './queue/describe-wait.js';
export type { QueueRepository } from './queue/queue-repository.js';
export {
  type AppRecord,
  type BuildOptions,
  type BuildRecord,
  type Claim,
  type LogChunk,
  type LogPage,
  type LogPosition,
  NO_OPTIONS,
  type PromotionRecord,
  type PromotionState,
  type ReleaseRecord,
  type SourceCommit,
} from './records.js';
export type { RegistryRecord, RegistryRepository } from './registries.js';
export type { NewRelease, ReleaseRepository } from './releases.js';
export type { Removal, RemovalOutcome, RemovalRepository } from './removals.js';
export type { RetentionPolicy, RetentionRepository } from './retention.js';
export type { Review, ReviewAppRepository } from './review-apps.js';
export { createEncryptionKey, createSecretBox, type SecretBox } from './secrets/secret-box.js';
export { secretBoxSchema } from './secrets/secret-box-schema.js';
export type { DecideOnWorkflow, WorkflowDecision } from './settle-delivery.js';
export { createStore, migrateStore, type Store, type StoreOptions } from './store.js';
export type { AppUsage } from './usage.js';
export type { DeliveryRecord, DeliveryState, WebhookRecord } from './webhook-records.js';
export type { NewWebhook, WebhookRepository } from './webhooks.js';
export type { AdmittedBuild, ListedWorker, WorkerReport, WorkerRepository } from './workers.js';
export type { NewReceivedDelivery, ReceivedDeliveryRepository, SettleOptions } from './workflow-deliveries.js';
export type { HookRepository } from './workflow-hooks.js';
export type { JobFilter, JobRepository } from './workflow-jobs.js';
export {
  type DeliveryOutcome,
  type HookRecord,
  hookPlace,
  type JobBuild,
  type JobPlan,
  type JobRecord,
  type JobState,
  type ReceivedDelivery,
  type WorkflowKind,
  type WorkflowOptions,
  type WorkflowRecord,
} from './workflow-records.js';
export type { NewWorkflow, WorkflowChange, WorkflowRepository } from './workflows.js';
