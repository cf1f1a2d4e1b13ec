import type { Knex } from 'knex';

import type { BuildRecord } from './records.js';

/**
 * Cancels the builds of the same app and branch that were recorded before `build` and still wait. One that runs goes on.
 * Of two builds that supersede each other at the same time the newer one stays, on any replica.
 */
export async function supersedeBuilds(knex: Knex, { id, app, gitBranch }: BuildRecord): Promise<string[]> {
  if (gitBranch === '') return [];
  const cancelled = await knex('builds')
    .where({ app, git_branch: gitBranch, state: 'queued' })
    .whereRaw('(created_at, ordinal) < (SELECT created_at, ordinal FROM builds WHERE id = ?)', [id])
    .update({
      state: 'cancelled',
      failure_class: 'cancelled',
      reason: `superseded by ${id}, a newer build of ${gitBranch}`,
      ended_at: knex.raw('clock_timestamp()'),
    })
    .returning('id');
  return cancelled.map((build) => build.id);
}
