import type { ForgeEvent } from '@convox-builds/forge';
import type { Knex } from 'knex';

import { msAgo } from './claims.js';
import { passesByItself } from './database-error.js';
import { runIfAny } from './run-if-any.js';
import { type DecideOnWorkflow, settleDelivery } from './settle-delivery.js';
import { receivedDeliveryFromRow } from './workflow-from-row.js';
import { lockWorkflows } from './workflow-lock.js';
import type { DeliveryOutcome, ReceivedDelivery } from './workflow-records.js';
import type { WorkflowDeliveryRow } from './workflow-rows.js';

/** What a repository told. */
export interface NewReceivedDelivery {
  readonly hookId: string;
  /** As its sender calls it. */
  readonly deliveryId: string;
  readonly events: readonly ForgeEvent[];
}

/** How deliveries are settled. */
export interface SettleOptions {
  readonly limit: number;
  readonly decide: DecideOnWorkflow;
  /** Told of each delivery that cannot be settled, and why. */
  readonly onFailure: (error: unknown, delivery: { readonly id: string }) => void;
}

/** What repositories told of. */
export interface ReceivedDeliveryRepository {
  /** Records a delivery, to be looked at soon; `false`: it is known. */
  record(delivery: NewReceivedDelivery): Promise<boolean>;
  /**
   * Looks at the oldest ones that nobody has looked at, in their order, and records the jobs that come of them, each once. A process
   * that dies in the middle of it has done nothing. One that cannot be settled starts nothing and is over, so that those behind it go on.
   *
   * @returns how many there were
   */
  settle(options: SettleOptions): Promise<number>;
  /** Of one hook, or all of them; the newest first. */
  list(options: { hookId?: string | undefined; limit: number }): Promise<ReceivedDelivery[]>;
  /** Has a delivery looked at again, as if it came now; `false` when there is none. */
  repeat(id: string): Promise<boolean>;
  /** Deletes what came longer ago. */
  forget(options: { olderThanMs: number }): Promise<number>;
}

const FAILED: DeliveryOutcome = {
  workflow: '',
  job: '',
  reason: 'the rack failed to look at it, its log says why: have it redelivered',
};

/** Settles a delivery, or undoes what was done for it and nothing else. What passes by itself is thrown, for all to be tried again. */
async function settleAlone(
  knex: Knex,
  row: WorkflowDeliveryRow,
  { decide, onFailure }: SettleOptions,
): Promise<DeliveryOutcome[]> {
  try {
    return await knex.transaction((savepoint) => settleDelivery(savepoint, receivedDeliveryFromRow(row), decide));
  } catch (error) {
    if (passesByItself(error)) throw error;
    onFailure(error, row);
    return [FAILED];
  }
}

async function settle(knex: Knex, options: SettleOptions): Promise<number> {
  // Without it the newest change of a branch could come before an older one.
  await lockWorkflows(knex);
  const pending = await knex('workflow_deliveries')
    .where({ state: 'pending' })
    .orderBy('ordinal')
    .limit(options.limit)
    .forUpdate();
  for (const row of pending) {
    const outcomes = await settleAlone(knex, row, options);
    await knex('workflow_deliveries')
      .where({ id: row.id })
      .update({ state: 'ended', outcomes: JSON.stringify(outcomes) });
  }
  return pending.length;
}

const PENDING = { rows: `FROM workflow_deliveries WHERE state = 'pending'`, otherwise: 0 };

/** Opens what repositories told of. */
export function createReceivedDeliveryRepository(knex: Knex): ReceivedDeliveryRepository {
  return {
    record: async ({ hookId, deliveryId, events }) => {
      const columns = { hook_id: hookId, delivery_id: deliveryId, events: JSON.stringify(events) };
      const query = knex('workflow_deliveries').insert(columns).onConflict(['hook_id', 'delivery_id']).ignore();
      return (await query.returning('id')).length > 0;
    },
    settle: (options) => runIfAny(knex, PENDING, (transaction) => settle(transaction, options)),
    list: async ({ hookId, limit }) =>
      (
        await knex('workflow_deliveries')
          .where(hookId === undefined ? {} : { hook_id: hookId })
          .orderBy('ordinal', 'desc')
          .limit(limit)
      ).map(receivedDeliveryFromRow),
    repeat: async (id) =>
      (await knex('workflow_deliveries')
        .where({ id })
        .update({
          state: 'pending',
          run: knex.raw(`CASE state WHEN 'ended' THEN run + 1 ELSE run END`),
        })) > 0,
    forget: ({ olderThanMs }) =>
      knex('workflow_deliveries').where('created_at', '<', msAgo(knex, olderThanMs)).delete(),
  };
}
