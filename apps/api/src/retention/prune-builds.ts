import type { BuildRecord, RetentionPolicy } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/** Somebody may wait for it. */
const AT_MOST = 1000;

/** Which builds may go. */
interface Pruning {
  readonly app: string;
  readonly policy: RetentionPolicy;
  /** Aborted when the others are to stay for now. */
  readonly signal?: AbortSignal;
}

/** Deletes the builds of an app that a policy lets go, the oldest first; tells which. About 1000 of them at most. */
export async function pruneBuilds(
  { store, logger }: Pick<ApiParts, 'store' | 'logger'>,
  { app, policy, signal }: Pruning,
): Promise<BuildRecord[]> {
  const pruned: BuildRecord[] = [];
  while (pruned.length < AT_MOST && signal?.aborted !== true) {
    const builds = await store.retention.prune(app, policy);
    if (builds.length === 0) break;
    pruned.push(...builds);
  }
  if (pruned.length > 0) logger.info({ appName: app, builds: pruned.length }, 'Deleted old builds');
  return pruned;
}

/** The builds that {@link pruneBuilds} would delete now. */
export function listPrunable({ store }: Pick<ApiParts, 'store'>, { app, policy }: Pruning): Promise<BuildRecord[]> {
  return store.retention.list(app, policy, { limit: AT_MOST });
}
