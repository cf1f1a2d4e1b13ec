import type { Knex } from 'knex';

/** Any number will do, as long as nobody else locks it. */
const WORKFLOW_LOCK = 724_051_880;

/** Lets one process at a time move jobs on, until its transaction ends: so they never wait for each other in a circle. */
export async function lockWorkflows(knex: Knex): Promise<void> {
  await knex.raw('SELECT pg_advisory_xact_lock(?)', [WORKFLOW_LOCK]);
}
