import type { BuildRecord, RetentionPolicy } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/** As many as are deleted at once. */
const AT_MOST = 1000;

/** Deletes the builds of an app that a policy lets go, the oldest first; tells which. At most 1000 of them. */
export async function pruneBuilds(
  { store, logger }: Pick<ApiParts, 'store' | 'logger'>,
  app: string,
  policy: RetentionPolicy,
): Promise<BuildRecord[]> {
  const pruned: BuildRecord[] = [];
  for (const build of await store.retention.list(app, policy, { limit: AT_MOST })) {
    if (await store.retention.prune(build, policy)) pruned.push(build);
  }
  if (pruned.length > 0) logger.info({ appName: app, builds: pruned.length }, 'Deleted old builds');
  return pruned;
}

/** The builds that {@link pruneBuilds} would delete now. */
export function listPrunable(
  { store }: Pick<ApiParts, 'store'>,
  app: string,
  policy: RetentionPolicy,
): Promise<BuildRecord[]> {
  return store.retention.list(app, policy, { limit: AT_MOST });
}
