import type { Knex } from 'knex';

import { inMs, NOW } from './claims.js';
import { lockReleases } from './releases.js';
import type { RemovalRow } from './tables.js';

/** Something to remove, because the build or the app that had it was deleted, or was never recorded. */
export interface Removal {
  readonly app: string;
  /**
   * `image`: the target is a digest in the app's repository. `object`: it is the URL of an object of the app. `repository`: it
   * is the app's repository itself.
   */
  readonly kind: RemovalRow['kind'];
  readonly target: string;
  /** How often it was tried before. */
  readonly tries: number;
}

/** What came of one removal; `kept`: another build has the same. */
export type RemovalOutcome =
  | { readonly result: 'removed' | 'kept'; readonly removal: Removal }
  | { readonly result: 'failed'; readonly removal: Removal; readonly error: unknown };

/** What was left behind by builds and apps that were deleted. Triggers write it, see migrations 0018 and 0020. */
export interface RemovalRepository {
  /**
   * Takes the oldest one that is due and runs `remove` for it, unless another build needs the same thing. As long as
   * `remove` runs, no build of the app comes to its end: one that had the same image would lose it. So it has to be
   * quick. One that fails is due again after a time. `undefined`: nothing is due.
   */
  runNext(
    remove: (removal: Removal) => Promise<void>,
    options: { retryAfterMs: (tries: number) => number },
  ): Promise<RemovalOutcome | undefined>;
  /** Has images of an app removed, by their digests, that were published and not recorded. What a build has by then stays. */
  addImages(app: string, digests: readonly string[]): Promise<void>;
  /** How many there are. */
  count(): Promise<number>;
}

const OLDEST = `
  SELECT * FROM removals WHERE not_before <= ${NOW} ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED`;

async function isNeeded(knex: Knex, { app, kind, target }: Removal): Promise<boolean> {
  // Of an app that was created again; the images of the former one have removals of their own.
  if (kind === 'repository') return (await knex('apps').where({ name: app }).first('name')) !== undefined;
  const cache = knex('layer_caches').where({ app, digest: target });
  if (kind === 'image' && (await cache.first('app')) !== undefined) return true;
  const builds = knex('builds').where({ app });
  const users =
    kind === 'image'
      ? builds.whereRaw(`jsonb_path_exists(images, '$.*.digest \\? (@ == $digest)', ?)`, [
          JSON.stringify({ digest: target }),
        ])
      : builds.where((same) => same.where({ source: target }).orWhere({ logs: target }));
  return (await users.first('id')) !== undefined;
}

const removalFromRow = ({ app, kind, target, tries }: RemovalRow): Removal => ({ app, kind, target, tries });

/** Opens the removals of a database. */
export function createRemovalRepository(knex: Knex): RemovalRepository {
  const runNext: RemovalRepository['runNext'] = async (remove, { retryAfterMs }) =>
    knex.transaction(async (transaction) => {
      const { rows } = await transaction.raw<{ rows: RemovalRow[] }>(OLDEST);
      const [row] = rows;
      if (row === undefined) return undefined;
      const removal = removalFromRow(row);
      await lockReleases(transaction, row.app);
      const own = () => transaction('removals').where({ id: row.id });
      if (await isNeeded(transaction, removal)) {
        await own().delete();
        return { result: 'kept', removal };
      }
      try {
        await remove(removal);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const next = { tries: row.tries + 1, reason, not_before: inMs(transaction, retryAfterMs(row.tries + 1)) };
        await own().update(next);
        return { result: 'failed', removal, error };
      }
      await own().delete();
      return { result: 'removed', removal };
    });
  return {
    runNext,
    addImages: async (app, digests) => {
      if (digests.length === 0) return;
      const rows = digests.map((target) => ({ app, kind: 'image' as const, target }));
      await knex('removals').insert(rows).onConflict(['app', 'kind', 'target']).ignore();
    },
    count: async () => Number((await knex('removals').count<{ count: string }[]>('* as count'))[0]?.count ?? 0),
  };
}
