import { type Finding, findingSchema } from '@convox-builds/domain';
import type { Knex } from 'knex';
import { z } from 'zod';
import { msAgo } from './claims.js';
import { IS_SILENT } from './queue/queue-sql.js';

import type { WorkerRow } from './tables.js';

/** What a worker tells of itself. */
export interface WorkerReport {
  /** Stays the same when the worker is started again. */
  readonly name: string;
  /** Names the process: what its claims carry. */
  readonly owner: string;
  /** How many builds it runs at once. */
  readonly slots: number;
  /** `full`: it has slots, but nothing to run builds with, e.g. no disk; `findings` say what is missing. */
  readonly state: WorkerRow['state'];
  /** What the worker found out about itself. */
  readonly findings: readonly Finding[];
}

/** A worker, for showing. */
export interface ListedWorker extends Omit<WorkerReport, 'owner'> {
  /** How long nothing was heard of it, in milliseconds. */
  readonly silentMs: number;
  /** It is given nothing any more: it is gone, or cut off. */
  readonly isSilent: boolean;
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
  /** All that are on the list, by name. */
  list(): Promise<ListedWorker[]>;
  /** How many there are, without those that drain. */
  count(): Promise<number>;
  /** Takes workers off the list that were not heard of for so long. */
  forget(options: { olderThanMs: number }): Promise<number>;
}

/** Findings are kept as JSON in the note; older workers write a text there. */
function parseFindings(note: string): Finding[] {
  try {
    return z.array(findingSchema).parse(JSON.parse(note));
  } catch {
    return [];
  }
}

const LIST = `
  SELECT name, slots, state, note, extract(epoch FROM clock_timestamp() - seen_at)::float8 * 1000 AS "silentMs",
    ${IS_SILENT} AS "isSilent"
  FROM workers ORDER BY name`;

type ListedRow = Pick<WorkerRow, 'name' | 'slots' | 'state' | 'note'> & Pick<ListedWorker, 'silentMs' | 'isSilent'>;

/** Opens the workers of a database. */
export function createWorkerRepository(knex: Knex): WorkerRepository {
  return {
    report: async ({ findings, ...worker }) => {
      await knex('workers')
        .insert({ ...worker, note: JSON.stringify(findings), seen_at: knex.raw('clock_timestamp()') })
        .onConflict('name')
        .merge();
      const rows = await knex('builds').where({ state: 'queued', admitted_to: worker.owner }).select('id', 'attempt');
      return rows.map(({ id, attempt }) => ({ buildId: id, attempt: attempt + 1 }));
    },
    leave: async (owner) => {
      await knex('workers').where({ owner }).delete();
    },
    list: async () => {
      const { rows } = await knex.raw<{ rows: ListedRow[] }>(LIST);
      return rows.map(({ note, ...row }) => ({ ...row, findings: parseFindings(note) }));
    },
    count: async () =>
      Number(
        (await knex('workers').whereNot({ state: 'draining' }).count<{ count: string }[]>('* as count'))[0]?.count,
      ),
    forget: ({ olderThanMs }) => knex('workers').where('seen_at', '<', msAgo(knex, olderThanMs)).delete(),
  };
}
