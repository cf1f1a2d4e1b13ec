import type { Knex } from 'knex';

import { inMs, NOW } from './claims.js';
import type { BuildOriginRow, FeedbackRow, ForgeRow } from './forge-rows.js';
import type { Occasion } from './run-if-any.js';

/** What a forge is to be told now. */
export interface DueFeedback {
  readonly id: string;
  /** Names who tells it. */
  readonly owner: string;
  readonly buildId: string;
  readonly app: string;
  readonly repository: string;
  readonly commit: string;
  readonly pullRequest: number | null;
  readonly what: FeedbackRow['what'];
  /** Names the commit or the pull request that it is about, with the app; the same for all builds of it. */
  readonly subject: string;
  /** Rises with every change of the build. */
  readonly revision: number;
  /** With this one, since the last change. */
  readonly tries: number;
  readonly host: string;
  readonly kind: ForgeRow['kind'];
  readonly apiUrl: string;
  readonly sealedToken: string;
}

/** What {@link claimFeedback} takes. */
export interface ClaimFeedback {
  /** Names who tells it, different for each call. */
  readonly owner: string;
  /** Longer than a try can take: nobody renews it. */
  readonly leaseMs: number;
  readonly limit: number;
  /** How much of one forge may be on its way at once. */
  readonly perHost: number;
}

/** Without any of them there is nothing to claim. */
export const DUE_FEEDBACK: Occasion<DueFeedback[]> = {
  rows: `FROM feedback WHERE state = 'pending' AND not_before <= ${NOW}`,
  otherwise: [],
};

/** Any number will do, as long as nobody else locks it. */
const FEEDBACK_LOCK = 724_051_876;

/**
 * The oldest due ones of each forge, as many as it has room for; of one subject nothing while something is on its way. It waits for
 * no row, for a build that ends may hold it.
 */
const TAKE = `
  UPDATE feedback SET owner = ?, tries = feedback.tries + 1, lease_expires_at = ?
  FROM forges, builds, build_origins
  WHERE forges.host = feedback.host AND builds.id = feedback.build_id AND build_origins.build_id = feedback.build_id
    AND feedback.id IN (
    SELECT id FROM feedback WHERE id IN (
      SELECT due.id
      FROM forges AS forge
      CROSS JOIN LATERAL (
        SELECT count(*) AS told FROM feedback WHERE host = forge.host AND lease_expires_at >= ${NOW}
      ) AS busy
      CROSS JOIN LATERAL (
        SELECT id, ordinal FROM feedback AS waiting
        WHERE host = forge.host AND state = 'pending' AND not_before <= ${NOW}
          AND NOT EXISTS (
            SELECT FROM feedback AS other
            WHERE other.host = forge.host AND other.subject = waiting.subject AND other.lease_expires_at >= ${NOW}
          )
        ORDER BY not_before, ordinal
        LIMIT greatest(0, ? - busy.told)
      ) AS due
      WHERE forge.quiet_until <= ${NOW}
      ORDER BY due.ordinal
      LIMIT ?
    )
    FOR UPDATE SKIP LOCKED
  )
  RETURNING feedback.*, forges.kind, forges.api_url, forges.sealed_token, builds.app,
    build_origins.repository, build_origins.commit, build_origins.pull_request`;

type TakenRow = FeedbackRow &
  Pick<ForgeRow, 'kind' | 'api_url' | 'sealed_token'> &
  Pick<BuildOriginRow, 'repository' | 'commit' | 'pull_request'> & { readonly app: string };

/** Takes what is due, inside a transaction: one replica at a time. */
export async function claimFeedback(knex: Knex, options: ClaimFeedback): Promise<DueFeedback[]> {
  const { owner, leaseMs, limit, perHost } = options;
  await knex.raw('SELECT pg_advisory_xact_lock(?)', [FEEDBACK_LOCK]);
  const taken = await knex.raw<{ rows: TakenRow[] }>(TAKE, [owner, inMs(knex, leaseMs), perHost, limit]);
  return taken.rows.map((row) => ({
    id: row.id,
    owner,
    buildId: row.build_id,
    app: row.app,
    repository: row.repository,
    commit: row.commit,
    pullRequest: row.pull_request,
    what: row.what,
    subject: row.subject,
    revision: row.revision,
    tries: row.tries,
    host: row.host,
    kind: row.kind,
    apiUrl: row.api_url,
    sealedToken: row.sealed_token,
  }));
}
