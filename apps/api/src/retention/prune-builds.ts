import type { BuildRecord, RetentionPolicy } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/** As many as are deleted at once. */
const AT_MOST = 1000;

/** Which builds may go. */
interface Pruning {
  readonly app: string;
  readonly policy: RetentionPolicy;
  /** Aborted when the others are to stay for now. */
  readonly signal?: AbortSignal;
}

/** Deletes the builds of an app that a policy lets go, the oldest first; tells which. At most 1000 of them. */
export async function pruneBuilds(parts: Pick<ApiParts, 'store' | 'logger'>, pruning: Pruning): Promise<BuildRecord[]> {
  const { app, policy, signal } = pruning;
  const pruned: BuildRecord[] = [];
  for (const build of await listPrunable(parts, pruning)) {
    if (signal?.aborted === true) break;
    if (await parts.store.retention.prune(build, policy)) pruned.push(build);
  }
  if (pruned.length > 0) parts.logger.info({ appName: app, builds: pruned.length }, 'Deleted old builds');
  return pruned;
}

/** The builds that {@link pruneBuilds} would delete now. */
export function listPrunable({ store }: Pick<ApiParts, 'store'>, { app, policy }: Pruning): Promise<BuildRecord[]> {
  return store.retention.list(app, policy, { limit: AT_MOST });
}
