import type { Knex } from 'knex';

import { msAgo, NOW } from './claims.js';
import { deleteBuilds } from './delete-builds.js';
import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';
import { type AppUsage, measureApp } from './usage.js';

/** Which ended builds are kept. One goes when it is neither among the newest ones nor young enough. */
export interface RetentionPolicy {
  /** How many of an app's newest builds stay. */
  readonly keepBuilds: number;
  /** How long a build stays after its end, in days; fractions are allowed. */
  readonly keepDays: number;
  /** The builds of how many of the newest releases stay, and of how many of those that were promoted last. */
  readonly keepReleases: number;
}

/** Removes builds that nobody needs any more, with their releases, logs, sources and images. */
export interface RetentionRepository {
  /** The builds of an app that a policy lets go, the oldest first. Never one that a kept or active release needs. */
  list(app: string, policy: RetentionPolicy, options: { limit: number }): Promise<BuildRecord[]>;
  /**
   * Deletes the oldest builds that a policy lets go now, with their releases, a few hundred at most; none are left when there
   * are none. What they had in the registry and in the object storage is removed afterwards: {@link RemovalRepository}.
   */
  prune(app: string, policy: RetentionPolicy): Promise<BuildRecord[]>;
  /** Takes apps that were not looked at for so long; no other caller gets them until then. */
  takeApps(options: { everyMs: number; limit: number }): Promise<string[]>;
  /** Tells what the builds of an app take. */
  measure(app: string): Promise<AppUsage>;
}

/**
 * What people need stays: what is active, what can be rolled back to, and what is just being promoted. The newest release
 * of an app is among them in any case: it has the app's environment.
 */
const EXPENDABLE = `
  ended_at < ${NOW} - :keepDays * interval '1 day'
  AND id NOT IN (SELECT id FROM builds WHERE app = :app ORDER BY ordinal DESC LIMIT :keepBuilds)
  AND id NOT IN (
    SELECT build_id FROM releases WHERE id IN (
      SELECT active_release_id FROM apps WHERE name = :app
      UNION
      (SELECT id FROM releases WHERE app = :app ORDER BY ordinal DESC LIMIT greatest(1, :keepReleases::bigint))
      UNION
      (SELECT release_id FROM promotions WHERE app = :app AND state = 'succeeded'
        GROUP BY release_id ORDER BY max(ordinal) DESC LIMIT :keepReleases)
      UNION
      SELECT release_id FROM promotions WHERE app = :app AND state IN ('pending', 'running')
    )
  )`;

/** Opens the retention of a database. */
export function createRetentionRepository(knex: Knex): RetentionRepository {
  return {
    list: async (app, policy, { limit }) =>
      (
        await knex('builds')
          .where({ app })
          .whereRaw(EXPENDABLE, { app, ...policy })
          .orderBy('ordinal')
          .limit(limit)
      ).map(buildFromRow),
    prune: (app, policy) => deleteBuilds(knex, app, (builds) => void builds.whereRaw(EXPENDABLE, { app, ...policy })),
    measure: (app) => measureApp(knex, app),
    takeApps: async ({ everyMs, limit }) => {
      const due = knex('apps')
        .where('pruned_at', '<', msAgo(knex, everyMs))
        .orderBy('pruned_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .select('name');
      const taken = await knex('apps')
        .whereIn('name', due)
        .update({ pruned_at: knex.raw(NOW) })
        .returning('name');
      return taken.map(({ name }) => name);
    },
  };
}
