import type { Knex } from 'knex';

import { inMs, NOW } from './claims.js';
import type { PolledRepositoryRow } from './git-rows.js';
import type { Occasion } from './run-if-any.js';

/** A repository to look at now. */
export interface DuePoll {
  readonly id: string;
  /** Names who looks. */
  readonly owner: string;
  /** `undefined`: of the whole rack. */
  readonly app: string | undefined;
  /** Its address. */
  readonly remote: string;
  /** Commits by branch and tag, as they were found last; `undefined` before the first look. */
  readonly knownRefs: Readonly<Record<string, string>> | undefined;
  /** How often it failed since it was found last. */
  readonly failures: number;
}

/** What {@link claimPolls} takes. */
export interface ClaimPolls {
  /** Names who looks, different for each call. */
  readonly owner: string;
  /** Longer than a look can take: nobody renews it. */
  readonly leaseMs: number;
  readonly limit: number;
  /** How many of one server may be looked at at once. */
  readonly perServer: number;
}

/** Without any of them there is nothing to claim. */
export const DUE_POLLS: Occasion<DuePoll[]> = {
  rows: `FROM polled_repositories WHERE next_poll_at <= ${NOW}`,
  otherwise: [],
};

/** Any number will do, as long as nobody else locks it. */
const POLL_LOCK = 724_051_879;

/** Those that are due for the longest time of each server that is not silent, as many as it has room for. */
const TAKE = `
  UPDATE polled_repositories SET owner = ?, lease_expires_at = ?
  WHERE id IN (
    SELECT due.id
    FROM (SELECT DISTINCT server FROM polled_repositories WHERE next_poll_at <= ${NOW}) AS servers
    CROSS JOIN LATERAL (
      SELECT count(*) AS looked FROM polled_repositories
      WHERE server = servers.server AND lease_expires_at >= ${NOW}
    ) AS busy
    CROSS JOIN LATERAL (
      SELECT id, next_poll_at FROM polled_repositories
      WHERE server = servers.server AND next_poll_at <= ${NOW}
        AND (lease_expires_at IS NULL OR lease_expires_at < ${NOW})
      ORDER BY next_poll_at, id
      LIMIT greatest(0, ? - busy.looked)
    ) AS due
    WHERE NOT EXISTS (
      SELECT FROM silent_git_servers AS silent WHERE silent.server = servers.server AND silent.not_before > ${NOW}
    )
    ORDER BY due.next_poll_at, due.id
    LIMIT ?
  )
  RETURNING *`;

/** Takes repositories that are to be looked at, inside a transaction: one replica at a time. */
export async function claimPolls(knex: Knex, { owner, leaseMs, limit, perServer }: ClaimPolls): Promise<DuePoll[]> {
  await knex.raw('SELECT pg_advisory_xact_lock(?)', [POLL_LOCK]);
  const parameters = [owner, inMs(knex, leaseMs), perServer, limit];
  const { rows } = await knex.raw<{ rows: PolledRepositoryRow[] }>(TAKE, parameters);
  return rows.map(({ id, app, remote, known_refs: knownRefs, failures }) => ({
    ...{ id, owner, remote, failures },
    app: app ?? undefined,
    knownRefs: knownRefs ?? undefined,
  }));
}
