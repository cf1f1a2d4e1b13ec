import type { Knex } from 'knex';

import { type ClaimFeedback, claimFeedback, DUE_FEEDBACK, type DueFeedback } from './claim-feedback.js';
import { inMs } from './claims.js';
import type { FeedbackRow } from './forge-rows.js';
import { runIfAny } from './run-if-any.js';

/** How it goes on after a try: the forge knows it, never will, or is asked again after a time. */
export type FeedbackNext =
  | { readonly state: 'told' | 'failed'; readonly reason: string }
  | { readonly retryAfterMs: number; readonly reason: string }
  /** The forge is told nothing at all for a time; it counts for no try. */
  | { readonly holdHostMs: number; readonly reason: string };

/** Something that a forge was, or is to be, told of a build. */
export interface FeedbackRecord {
  readonly buildId: string;
  readonly what: FeedbackRow['what'];
  /** `superseded`: a newer build has the word. */
  readonly state: FeedbackRow['state'];
  readonly tries: number;
  /** Why the last try failed. */
  readonly reason: string;
  /** It is not told before. */
  readonly notBefore: Date;
}

/** What forges are to be told. Triggers write it, see migration 0014. */
export interface FeedbackRepository {
  /** Takes what is due. Nobody else gets anything of the same subject as long as the lease holds. */
  claim(options: ClaimFeedback): Promise<DueFeedback[]>;
  /** Records a try. What the build has become in the meantime is still to be told. */
  record(due: DueFeedback, next: FeedbackNext): Promise<void>;
  /** Hands back what was not told to its end: that counts for no try. */
  release(due: DueFeedback): Promise<void>;
  /** What a build's forge was told. */
  list(buildId: string): Promise<FeedbackRecord[]>;
  /** How long the last 20 builds of an app that ended well ran, but for one; `undefined` without any. */
  findMedianMs(app: string, options: { exceptId: string }): Promise<number | undefined>;
}

const unowned = { owner: '', lease_expires_at: null } as const;

/** The state is that of the revision which was told: one that is newer, or superseded, stays as it is. */
async function record(knex: Knex, due: DueFeedback, next: FeedbackNext): Promise<void> {
  const { id, owner, revision, host } = due;
  const ours = () => knex('feedback').where({ id, owner });
  if ('state' in next) {
    await ours().where({ revision, state: 'pending' }).update({ state: next.state, reason: next.reason });
  } else if ('holdHostMs' in next) {
    const until = knex.raw('greatest(quiet_until, ?)', [inMs(knex, next.holdHostMs)]);
    await knex('forges').where({ host }).update({ quiet_until: until });
    await ours().update({ tries: knex.raw('greatest(0, tries - 1)'), reason: next.reason });
  } else {
    await ours()
      .where({ revision })
      .update({ not_before: inMs(knex, next.retryAfterMs), reason: next.reason });
  }
  await ours().update(unowned);
}

const MEDIAN = `
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) * 1000 AS ms
  FROM (
    SELECT extract(epoch FROM ended_at - started_at) AS seconds FROM builds
    WHERE app = ? AND id <> ? AND state = 'complete' AND started_at IS NOT NULL
    ORDER BY ordinal DESC LIMIT 20
  ) AS last`;

/** Opens what forges are told of a database. */
export function createFeedbackRepository(knex: Knex): FeedbackRepository {
  return {
    claim: (options) => runIfAny(knex, DUE_FEEDBACK, (transaction) => claimFeedback(transaction, options)),
    record: (due, next) => knex.transaction((transaction) => record(transaction, due, next)),
    release: async ({ id, owner }) => {
      const untried = { tries: knex.raw('greatest(0, tries - 1)') };
      await knex('feedback')
        .where({ id, owner })
        .update({ ...unowned, ...untried });
    },
    findMedianMs: async (app, { exceptId }) => {
      const { rows } = await knex.raw<{ rows: { ms: number | null }[] }>(MEDIAN, [app, exceptId]);
      return rows[0]?.ms ?? undefined;
    },
    list: async (buildId) =>
      (await knex('feedback').where({ build_id: buildId }).orderBy('ordinal')).map((row) => ({
        buildId,
        what: row.what,
        state: row.state,
        tries: row.tries,
        reason: row.reason,
        notBefore: row.not_before,
      })),
  };
}
