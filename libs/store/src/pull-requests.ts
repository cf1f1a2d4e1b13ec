import type { PullRequestEvent } from '@convox-builds/forge';
import type { Knex } from 'knex';

import type { PullRequestRow } from './workflow-rows.js';

/** Of one second, in which most forges count, only a commit for a pull request that was closed is sure to be the earlier one. */
function isLate(known: PullRequestRow, action: PullRequestEvent['action'], changedAt: Date | null): boolean {
  const difference = (changedAt?.getTime() ?? 0) - (known.changed_at?.getTime() ?? 0);
  if (changedAt !== null && known.changed_at !== null && difference !== 0) return difference < 0;
  return action === 'updated' && !known.is_open;
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
