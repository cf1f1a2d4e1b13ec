import type { BuildState, WireStatus } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { BuildRecord } from './records.js';
import { buildFromRow } from './rows.js';

/** Which builds of an app are wanted. */
export interface BuildFilter {
  readonly limit: number;
  /** In the words of older clients: of a build that waits it depends on whether it has run before. */
  readonly status?: WireStatus | undefined;
  readonly state?: BuildState | undefined;
  /** Beginning of a commit's hash. */
  readonly commit?: string | undefined;
  /** Not created before. */
  readonly since?: Date | undefined;
}

const NEWEST_FIRST = [
  { column: 'created_at', order: 'desc' },
  { column: 'ordinal', order: 'desc' },
];

/** The same as `wireStatusFromState()` in SQL. */
const HAS_STATUS: Readonly<Record<WireStatus, string>> = {
  created: `(state = 'created' OR state = 'queued' AND attempt = 0)`,
  running: `(state = 'running' OR state = 'queued' AND attempt > 0)`,
  complete: `state = 'complete'`,
  failed: `state IN ('failed', 'cancelled')`,
};

/** Lists the builds of an app that a filter lets pass, the newest first. */
export async function listBuilds(knex: Knex, app: string, filter: BuildFilter): Promise<BuildRecord[]> {
  const { limit, status, state, commit, since } = filter;
  const query = knex('builds').where({ app });
  if (status !== undefined) query.whereRaw(HAS_STATUS[status]);
  if (state !== undefined) query.where({ state });
  if (commit !== undefined) query.whereRaw('starts_with(git_sha, ?)', [commit]);
  if (since !== undefined) query.where('created_at', '>=', since);
  return (await query.orderBy(NEWEST_FIRST).limit(limit)).map(buildFromRow);
}
