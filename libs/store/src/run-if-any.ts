import type { Knex } from 'knex';

/** What may be worth a transaction. */
export interface Occasion<Result> {
  /** Rows of which one is enough, in SQL: what comes after `SELECT`. An index should find the first one. */
  readonly rows: string;
  /** The result where there are none. */
  readonly otherwise: Result;
}

/**
 * Runs a transaction where there is something to do. Loops ask every second, of every replica, and mostly there is not: to look
 * is one statement, where begin, lock, search and commit are four or more.
 */
export async function runIfAny<Result>(
  knex: Knex,
  { rows, otherwise }: Occasion<Result>,
  run: (transaction: Knex) => Promise<Result>,
): Promise<Result> {
  const found = await knex.raw<{ rows: { isAny: boolean }[] }>(`SELECT EXISTS (SELECT ${rows}) AS "isAny"`);
  return found.rows[0]?.isAny === true ? knex.transaction(run) : otherwise;
}
