export type { AppRepository } from './apps.js';
export type { AttemptRepository, ExpiredLease } from './attempts.js';
export type { BuildRepository, CancelOutcome, ExternalBuildChange, NewBuild } from './builds.js';
export type { LogRepository } from './logs/log-repository.js';
export { createDiskObjectStorage } from './objects/disk-object-storage.js';
export type { ObjectStorage, PutOptions, StoredObject } from './objects/object-storage.js';
export type { AppRecord, BuildOptions, BuildRecord, Claim, LogChunk, LogPosition, ReleaseRecord } from './records.js';
export type { NewRelease, PromoteOutcome, ReleaseRepository } from './releases.js';
export { createStore, migrateStore, type Store, type StoreOptions } from './store.js';
