import type { Knex } from 'knex';

import { msAgo, NOW } from './claims.js';
import type { BuildRecord } from './records.js';
import { lockReleases } from './releases.js';
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
   * Deletes a build and its releases, if the policy still lets it go; `false` when it does not. What it had in the
   * registry and in the object storage is removed afterwards: {@link RemovalRepository}.
   */
  prune(build: { app: string; id: string }, policy: RetentionPolicy): Promise<boolean>;
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
  builds.app = :app AND builds.ended_at < ${NOW} - :keepDays * interval '1 day'
  AND builds.id NOT IN (SELECT id FROM builds WHERE app = :app ORDER BY ordinal DESC LIMIT :keepBuilds)
  AND builds.id NOT IN (
    SELECT releases.build_id FROM releases JOIN apps ON apps.name = releases.app
    WHERE releases.app = :app AND (
      releases.id = apps.active_release_id
      OR releases.id IN (SELECT id FROM releases WHERE app = :app ORDER BY ordinal DESC LIMIT greatest(1, :keepReleases::bigint))
      OR releases.id IN (
        SELECT release_id FROM promotions WHERE app = :app AND state = 'succeeded'
        GROUP BY release_id ORDER BY max(ordinal) DESC LIMIT :keepReleases
      )
      OR releases.id IN (SELECT release_id FROM promotions WHERE app = :app AND state IN ('pending', 'running'))
    )
  )`;

async function pruneBuild(knex: Knex, { app, id }: { app: string; id: string }, policy: RetentionPolicy) {
  // Nobody makes or promotes a release of the build meanwhile.
  if ((await lockReleases(knex, app)) === undefined) return false;
  const isDeleted =
    (await knex('builds')
      .where({ id })
      .whereRaw(EXPENDABLE, { app, ...policy })
      .delete()) > 0;
  if (isDeleted) await knex('releases').where({ app, build_id: id }).delete();
  return isDeleted;
}

/** Opens the retention of a database. */
export function createRetentionRepository(knex: Knex): RetentionRepository {
  return {
    list: async (app, policy, { limit }) =>
      (
        await knex('builds')
          .whereRaw(EXPENDABLE, { app, ...policy })
          .orderBy('ordinal')
          .limit(limit)
      ).map(buildFromRow),
    prune: (build, policy) => knex.transaction((transaction) => pruneBuild(transaction, build, policy)),
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
