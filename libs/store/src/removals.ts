import type { Knex } from 'knex';

import { inMs, NOW } from './claims.js';
import { hasImage } from './has-image.js';
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
   * Takes the oldest one of a kind that is due and runs `remove` for it, unless another build needs the same thing. One that
   * fails is due again after a time, and so is one whose remover is lost. As long as an image is removed, no build of the app
   * comes to its end: one that had the same image would lose it. So it has to be quick. `undefined`: nothing is due.
   */
  runNext(
    kind: Removal['kind'],
    remove: (removal: Removal) => Promise<void>,
    options: { retryAfterMs: (tries: number) => number },
  ): Promise<RemovalOutcome | undefined>;
  /** Has images of an app removed, by their digests, that were published and not recorded. What a build has by then stays. */
  addImages(app: string, digests: readonly string[]): Promise<void>;
  /** How many there are. */
  count(): Promise<number>;
}

/** Much longer than a removal may take. */
const LEASE_MS = 60_000;

/** It is somebody's before it is begun: whatever happens to them, the others get their turn. */
const TAKE = `
  UPDATE removals SET tries = tries + 1, not_before = ?
  WHERE id = (
    SELECT id FROM removals WHERE kind = ? AND not_before <= ${NOW}
    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
  )
  RETURNING *`;

const HAS_OBJECT = `
  starts_with(source, 'object://') AND source = :target OR starts_with(logs, 'object://') AND logs = :target`;

async function isNeeded(knex: Knex, { app, kind, target }: Removal): Promise<boolean> {
  // Of an app that was created again; the images of the former one have removals of their own.
  if (kind === 'repository') return (await knex('apps').where({ name: app }).first('name')) !== undefined;
  if (kind === 'object')
    return (await knex('builds').where({ app }).whereRaw(`(${HAS_OBJECT})`, { target }).first('id')) !== undefined;
  const cache = await knex('layer_caches').where({ app, digest: target }).first('app');
  return cache !== undefined || hasImage(knex, app, target);
}

/** What deletes builds takes the lock of their app, too: what they leave is not forgotten here. */
async function runRemoval(
  knex: Knex,
  { id, ...removal }: Removal & { readonly id: string },
  remove: (removal: Removal) => Promise<void>,
): Promise<'removed' | 'kept'> {
  const { app, kind } = removal;
  const isKept = await knex.transaction(async (transaction) => {
    await lockReleases(transaction, app);
    const isStillNeeded = await isNeeded(transaction, removal);
    // A build may have pushed it again, and be about to end. An object is stored once.
    if (kind === 'image' && !isStillNeeded) await remove(removal);
    if (kind === 'image' || isStillNeeded) await transaction('removals').where({ id }).delete();
    return isStillNeeded;
  });
  if (kind !== 'image' && !isKept) {
    await remove(removal);
    await knex('removals').where({ id }).delete();
  }
  return isKept ? 'kept' : 'removed';
}

/** Opens the removals of a database. */
export function createRemovalRepository(knex: Knex): RemovalRepository {
  const runNext: RemovalRepository['runNext'] = async (kind, remove, { retryAfterMs }) => {
    const { rows } = await knex.raw<{ rows: RemovalRow[] }>(TAKE, [inMs(knex, LEASE_MS), kind]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const { id, app, target, tries } = row;
    const removal: Removal = { app, kind, target, tries: tries - 1 };
    try {
      return { result: await runRemoval(knex, { id, ...removal }, remove), removal };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await knex('removals')
        .where({ id })
        .update({ reason, not_before: inMs(knex, retryAfterMs(tries)) });
      return { result: 'failed', removal, error };
    }
  };
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
