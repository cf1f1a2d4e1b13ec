import type { Knex } from 'knex';

import { inMs, msAgo, NOW } from './claims.js';
import type { PromotionRecord } from './records.js';
import { lockReleases } from './releases.js';
import { promotionFromRow } from './rows.js';

/** Names who runs a promotion now. Every later write carries it; a stale one changes nothing. */
export interface PromotionClaim {
  readonly id: string;
  readonly app: string;
  /** Different for each time that it is taken up. */
  readonly owner: string;
}

/** How promotions are run: taken up under a lease, by any replica, and ended once. */
export interface PromotionRunRepository {
  /**
   * Takes up promotions that are due, and those whose runner is gone; one that has been taken up `maxTries` times has failed.
   *
   * @param options.owner names this run, different for each call
   */
  claim(options: { owner: string; leaseMs: number; maxTries: number; limit: number }): Promise<PromotionRecord[]>;
  /** Fails what nobody has taken up for so long: no replica runs promotions any more. The ids. */
  failAbandoned(options: { olderThanMs: number }): Promise<string[]>;
  /** Renews the lease. `false`: the promotion is not ours any more. */
  renew(claim: PromotionClaim, options: { leaseMs: number }): Promise<boolean>;
  /** Ends it well: the release becomes the active one in the same transaction. */
  succeed(claim: PromotionClaim): Promise<boolean>;
  fail(claim: PromotionClaim, reason: string): Promise<boolean>;
  /** Puts it back, to be tried again after a time. */
  retry(claim: PromotionClaim, reason: string, options: { delayMs: number }): Promise<boolean>;
  /** Hands it back: who runs it goes away, and that counts for no try. */
  release(claim: PromotionClaim): Promise<boolean>;
}

const LAPSED = `state = 'running' AND lease_expires_at < ${NOW}`;
const DUE = `(state = 'pending' AND not_before <= ${NOW}) OR (${LAPSED})`;

const heldBy = ({ id, owner }: PromotionClaim) => ({ id, owner, state: 'running' }) as const;

const ended = (knex: Knex, state: 'succeeded' | 'failed', reason: string) => ({
  state,
  reason,
  ended_at: knex.raw(NOW),
  lease_expires_at: null,
});

const pendingAgain = { state: 'pending', owner: '', lease_expires_at: null } as const;

async function claimPromotions(
  knex: Knex,
  { owner, leaseMs, maxTries, limit }: { owner: string; leaseMs: number; maxTries: number; limit: number },
): Promise<PromotionRecord[]> {
  await knex('promotions')
    .whereRaw(LAPSED)
    .where('tries', '>=', maxTries)
    .update(ended(knex, 'failed', `given up after ${maxTries} tries: the api that ran it was lost each time`));
  const due = knex('promotions').select('id').whereRaw(DUE).orderBy('ordinal').limit(limit).forUpdate().skipLocked();
  const rows = await knex('promotions')
    .whereIn('id', due)
    .update({
      state: 'running',
      owner,
      tries: knex.raw('tries + 1'),
      lease_expires_at: inMs(knex, leaseMs),
      started_at: knex.raw(`coalesce(started_at, ${NOW})`),
    })
    .returning('*');
  return rows.map(promotionFromRow);
}

async function failAbandoned(knex: Knex, olderThanMs: number): Promise<string[]> {
  const rows = await knex('promotions')
    .whereIn('state', ['pending', 'running'])
    .whereRaw('coalesce(lease_expires_at, not_before) < ?', [msAgo(knex, olderThanMs)])
    .update(ended(knex, 'failed', 'nobody took it up: no api has PROMOTE_COMMAND or PROMOTE_URL any more'))
    .returning(['id']);
  return rows.map(({ id }) => id);
}

async function succeed(knex: Knex, claim: PromotionClaim): Promise<boolean> {
  // In the order in which a promotion is created, so that neither waits for the other.
  await lockReleases(knex, claim.app);
  const [row] = await knex('promotions')
    .where(heldBy(claim))
    .update(ended(knex, 'succeeded', ''))
    .returning(['release_id']);
  if (row === undefined) return false;
  await knex('apps').where({ name: claim.app }).update({ active_release_id: row.release_id });
  return true;
}

/** Opens the runs of promotions of a database. */
export function createPromotionRunRepository(knex: Knex): PromotionRunRepository {
  const change = async (claim: PromotionClaim, columns: object) =>
    (await knex('promotions').where(heldBy(claim)).update(columns)) > 0;
  return {
    claim: (options) => claimPromotions(knex, options),
    failAbandoned: ({ olderThanMs }) => failAbandoned(knex, olderThanMs),
    renew: (claim, { leaseMs }) => change(claim, { lease_expires_at: inMs(knex, leaseMs) }),
    succeed: (claim) => knex.transaction((transaction) => succeed(transaction, claim)),
    fail: (claim, reason) => change(claim, ended(knex, 'failed', reason)),
    retry: (claim, reason, { delayMs }) => change(claim, { ...pendingAgain, reason, not_before: inMs(knex, delayMs) }),
    release: (claim) => change(claim, { ...pendingAgain, tries: knex.raw('tries - 1') }),
  };
}
