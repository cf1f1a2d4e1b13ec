import type { Knex } from 'knex';

import { msAgo } from '../claims.js';
import { runIfAny } from '../run-if-any.js';
import { admit, QUEUED, type QueueLimits, type RungBuild } from './admit.js';
import { describeWait, type QueueWait } from './describe-wait.js';

/** The backlog. It is the table of builds; what is in Redis only rings. */
export interface QueueRepository {
  /**
   * Gives builds to workers that have a free slot, by the rules of `chooseAdmissions()`, and takes back what a worker has
   * not taken up. One replica at a time; the others wait.
   *
   * @returns everything that workers were given and have not taken up yet
   */
  admit(limits: QueueLimits): Promise<RungBuild[]>;
  /** Why a build waits and for how long; `undefined` when it is not in the queue. */
  describeWait(buildId: string): Promise<QueueWait | undefined>;
  /** Marks that a build's log has told how it waits; `false` when it was told less than `everyMs` ago. */
  markNoted(buildId: string, options: { everyMs: number }): Promise<boolean>;
}

/** Opens the queue of a database. */
export function createQueueRepository(knex: Knex): QueueRepository {
  return {
    admit: (limits) => runIfAny(knex, QUEUED, (transaction) => admit(transaction, limits)),
    describeWait: (buildId) => describeWait(knex, buildId),
    markNoted: async (buildId, { everyMs }) =>
      (await knex('builds')
        .where({ id: buildId, state: 'queued' })
        .whereRaw(`coalesce(noted_at, '-infinity') < ?`, [msAgo(knex, everyMs)])
        .update({ noted_at: knex.raw('clock_timestamp()') })) > 0,
  };
}
