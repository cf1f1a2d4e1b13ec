import type { Knex } from 'knex';

import type { BuildRecord } from './records.js';
import { lockReleases } from './releases.js';
import { buildFromRow } from './rows.js';

/** As many as go in one transaction, which others of the app wait for. */
export const DELETED_AT_ONCE = 200;

/**
 * Deletes the oldest builds of an app, of those that `choose` leaves, with their releases; at most {@link DELETED_AT_ONCE}.
 *
 * @returns what was deleted, the oldest first
 */
export async function deleteBuilds(
  knex: Knex,
  app: string,
  choose: (builds: Knex.QueryBuilder) => void = () => {},
): Promise<BuildRecord[]> {
  return knex.transaction(async (transaction) => {
    // Nobody makes or promotes a release of the builds meanwhile.
    await lockReleases(transaction, app);
    const chosen = transaction('builds').where({ app }).modify(choose).orderBy('ordinal').limit(DELETED_AT_ONCE);
    const deleted = await transaction('builds').whereIn('id', chosen.select('id')).delete().returning('*');
    const ids = deleted.map(({ id }) => id);
    await transaction('releases').where({ app }).whereIn('build_id', ids).delete();
    return deleted.sort((one, other) => Number(one.ordinal) - Number(other.ordinal)).map(buildFromRow);
  });
}
