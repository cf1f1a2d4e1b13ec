import type { Knex } from 'knex';

import { msAgo, NOW } from './claims.js';
import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';

/** Twice as late each time: one that can never be tagged soon takes nobody's time. */
const NEXT_TAG_AT = `${NOW} + least(${NOW} - ended_at, ? * interval '1 millisecond')`;

/** Takes the complete build without tags that has been due for longest, and puts it off: to tag it may not work. */
export async function takeUntagged(
  knex: Knex,
  { olderThanMs, retryAtLeastEveryMs }: { olderThanMs: number; retryAtLeastEveryMs: number },
): Promise<BuildRecord | undefined> {
  const due = knex('builds')
    .where({ state: 'complete', tagged_at: null })
    .where('ended_at', '<', msAgo(knex, olderThanMs))
    .whereRaw(`next_tag_at <= ${NOW}`)
    .whereRaw(`NOT (options ->> 'external')::boolean`)
    .orderBy(['next_tag_at', 'ended_at'])
    .limit(1)
    .forUpdate()
    .skipLocked()
    .select('id');
  const taken = await knex('builds')
    .whereIn('id', due)
    .update({ next_tag_at: knex.raw(NEXT_TAG_AT, [retryAtLeastEveryMs]) })
    .returning('*');
  return taken.map(buildFromRow).at(0);
}
