import type { Knex } from 'knex';

import type { WorkerRow } from './tables.js';

/** What a worker tells of itself. */
export interface WorkerReport {
  /** Stays the same when the worker is started again. */
  readonly name: string;
  /** Names the process: what its claims carry. */
  readonly owner: string;
  /** How many builds it runs at once. */
  readonly slots: number;
  /** `full`: it has slots, but nothing to run builds with, e.g. no disk; `note` says what is missing. */
  readonly state: WorkerRow['state'];
  readonly note: string;
}

/** A build that a worker was given and has not taken up. */
export interface AdmittedBuild {
  readonly buildId: string;
  /** The attempt that is due. */
  readonly attempt: number;
}

/** The workers of a rack. */
export interface WorkerRepository {
  /**
   * Says that a worker lives. The answer is what it was given and has not taken up: it hears of it also when the queue
   * that rings is away.
   */
  report(worker: WorkerReport): Promise<AdmittedBuild[]>;
  /** Takes a worker off the list; no effect on one that was started again meanwhile. */
  leave(owner: string): Promise<void>;
  /** How many there are, without those that drain. */
  count(): Promise<number>;
  /** Takes workers off the list that were not heard of for so long. */
  forget(options: { olderThanMs: number }): Promise<number>;
}

/** Opens the workers of a database. */
export function createWorkerRepository(knex: Knex): WorkerRepository {
  return {
    report: async (worker) => {
      await knex('workers')
        .insert({ ...worker, seen_at: knex.raw('clock_timestamp()') })
        .onConflict('name')
        .merge();
      const rows = await knex('builds').where({ state: 'queued', admitted_to: worker.owner }).select('id', 'attempt');
      return rows.map(({ id, attempt }) => ({ buildId: id, attempt: attempt + 1 }));
    },
    leave: async (owner) => {
      await knex('workers').where({ owner }).delete();
    },
    count: async () =>
      Number(
        (await knex('workers').whereNot({ state: 'draining' }).count<{ count: string }[]>('* as count'))[0]?.count,
      ),
    forget: ({ olderThanMs }) =>
      knex('workers').whereRaw(`seen_at < clock_timestamp() - ? * interval '1 millisecond'`, [olderThanMs]).delete(),
  };
}
