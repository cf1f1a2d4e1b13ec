import type { GitFetcher } from '@convox-builds/git-source';
import type { Logger, Tracer } from '@convox-builds/runtime';
import type { ObjectStorage, ReleaseRecord, Store } from '@convox-builds/store';

import type { Announcer } from './announcer.js';
import type { Attempt } from './attempt.js';
import type { BuildFence } from './build-fence/create-build-fence.js';
import type { BuildkitdSupervisor } from './buildkitd/supervise-buildkitd.js';
import type { LayerCacheParts } from './cache/open-layer-cache.js';
import type { LeaseKeeper } from './lease/lease-keeper.js';
import type { RegistryParts } from './open-registry.js';
import type { Settings } from './settings.js';
import type { WorkerMetrics } from './worker-metrics.js';

/** What a worker has and every build on it uses. */
export interface WorkerParts extends LayerCacheParts, RegistryParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: Store;
  readonly objects: ObjectStorage;
  readonly buildkitd: BuildkitdSupervisor;
  readonly git: GitFetcher;
  readonly fence: BuildFence;
  readonly announcer: Announcer;
  readonly leases: LeaseKeeper;
  readonly metrics: WorkerMetrics;
  readonly tracer: Tracer;
  /** Does what an attempt is for. */
  readonly runBuild: (attempt: Attempt, parts: WorkerParts) => Promise<ReleaseRecord>;
}
