import type { PullRequestEvent } from '@convox-builds/forge';
import type { Knex } from 'knex';

import type { PullRequestRow } from './workflow-rows.js';

/** A commit for one that is closed is the earlier one, whatever the times say: forges tell of no others. */
function isLate(known: PullRequestRow, action: PullRequestEvent['action'], changedAt: Date | null): boolean {
  if (action === 'updated' && !known.is_open) return true;
  return changedAt !== null && known.changed_at !== null && changedAt < known.changed_at;
}

/**
 * Notes how a pull request stands, inside a transaction that has locked the workflows.
 *
 * @returns `false`: it is known how it stood later
 */
export async function notePullRequest(
  knex: Knex,
  { hookId, event }: { hookId: string; event: PullRequestEvent },
): Promise<boolean> {
  const { number, action } = event;
  // Deliveries that an older rack has recorded have no time.
  const changedAt = event.changedAt ? new Date(event.changedAt) : null;
  const known = await knex('pull_requests').where({ hook_id: hookId, number }).first();
  if (known !== undefined && isLate(known, action, changedAt)) return false;
  const row = { hook_id: hookId, number, is_open: action !== 'closed', changed_at: changedAt };
  await knex('pull_requests').insert(row).onConflict(['hook_id', 'number']).merge();
  return true;
}
