import { type BuiltImages, createReleaseId, type FailureClass } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { BuildRecord, Claim, ReleaseRecord } from './records.js';
import { findLatestRelease, lockReleases } from './releases.js';
import { buildFromRow, releaseFromRow } from './rows.js';

/** What became of a build whose lease ran out. */
export interface ExpiredLease {
  readonly buildId: string;
  /** The one that was lost. */
  readonly attempt: number;
  readonly outcome: 'queued' | 'failed';
}

/**
 * What workers do to builds. Each change is one conditional update that names the claim: it changes nothing, and says
 * so, when the build has another owner or has ended.
 */
export interface AttemptRepository {
  /**
   * Takes a queued build: its attempt number becomes `attempt` if it was one less.
   *
   * @returns the build as claimed; `undefined` when somebody else was faster, or there is nothing to take
   */
  claim(claim: Claim, options: { leaseMs: number }): Promise<BuildRecord | undefined>;
  /** Renews the lease on the database's clock, over a connection of its own. `false`: the build is not ours any more. */
  renewLease(claim: Claim, options: { leaseMs: number }): Promise<boolean>;
  /** Stores the raw text of convox.yml. */
  saveManifest(claim: Claim, text: string): Promise<boolean>;
  /** Ends a build well: images, release and state in one transaction. `undefined`: fenced off, nothing was written. */
  complete(claim: Claim, result: { images: BuiltImages; entrypoint: string }): Promise<ReleaseRecord | undefined>;
  /** Ends a build badly. */
  fail(claim: Claim, failure: { failureClass: FailureClass; reason: string }): Promise<boolean>;
  /** Hands a build back to the queue. */
  release(claim: Claim): Promise<boolean>;
  /** Queued builds, oldest first, with the attempt that is due. */
  listDue(options: { limit: number }): Promise<{ buildId: string; attempt: number }[]>;
  /**
   * Puts builds whose lease ran out back into the queue; fails a build that has lost its worker `maxAttempts` times. An
   * attempt that was handed back does not count: no number of deployments makes an innocent build fail.
   */
  expireLeases(options: { maxAttempts: number }): Promise<ExpiredLease[]>;
}

const NOW = 'clock_timestamp()';

const heldBy = ({ buildId, attempt, worker }: Claim) => ({ id: buildId, attempt, worker, state: 'running' });

const ended = (knex: Knex, state: 'complete' | 'failed') => ({
  state,
  ended_at: knex.raw(NOW),
  lease_expires_at: null,
});

const inMs = (knex: Knex, ms: number) => knex.raw(`${NOW} + ? * interval '1 millisecond'`, [ms]);

async function claimBuild(knex: Knex, claim: Claim, leaseMs: number): Promise<BuildRecord | undefined> {
  const rows = await knex('builds')
    .where({ id: claim.buildId, state: 'queued', attempt: claim.attempt - 1 })
    .update({
      state: 'running',
      attempt: claim.attempt,
      worker: claim.worker,
      lease_expires_at: inMs(knex, leaseMs),
      started_at: knex.raw(`coalesce(started_at, ${NOW})`),
    })
    .returning('*');
  return rows.map(buildFromRow).at(0);
}

/** The transaction that ends a build well. The conditional update decides: no row means fenced off. */
async function completeBuild(
  knex: Knex,
  claim: Claim,
  { images, entrypoint }: { images: BuiltImages; entrypoint: string },
): Promise<ReleaseRecord | undefined> {
  const id = createReleaseId();
  const owner = await knex('builds').where(heldBy(claim)).first('app');
  if (owner === undefined) return undefined;
  await lockReleases(knex, owner.app);
  const [build] = await knex('builds')
    .where(heldBy(claim))
    .update({ ...ended(knex, 'complete'), release_id: id, images: JSON.stringify(images), entrypoint })
    .returning(['app', 'manifest', 'description']);
  if (build === undefined) return undefined;
  const { app, manifest, description } = build;
  const environment = (await findLatestRelease(knex, app))?.environment ?? '';
  const release = { id, app, build_id: claim.buildId, is_made_by_build: true, environment, manifest, description };
  return (await knex('releases').insert(release).returning('*')).map(releaseFromRow).at(0);
}

async function expireLeases(knex: Knex, maxAttempts: number): Promise<ExpiredLease[]> {
  const lapsed = () => knex('builds').where({ state: 'running' }).whereRaw(`lease_expires_at < ${NOW}`);
  const failed = await lapsed()
    .whereRaw('lost_workers + 1 >= ?', [maxAttempts])
    .update({
      ...ended(knex, 'failed'),
      lost_workers: knex.raw('lost_workers + 1'),
      failure_class: 'lost-worker',
      reason: knex.raw(`'lost its worker ' || (lost_workers + 1) || ' times, the last one in attempt ' || attempt`),
    })
    .returning(['id', 'attempt']);
  const queued = await lapsed()
    .whereRaw('lost_workers + 1 < ?', [maxAttempts])
    .update({ state: 'queued', lease_expires_at: null, lost_workers: knex.raw('lost_workers + 1') })
    .returning(['id', 'attempt']);
  return [
    ...failed.map(({ id, attempt }): ExpiredLease => ({ buildId: id, attempt, outcome: 'failed' })),
    ...queued.map(({ id, attempt }): ExpiredLease => ({ buildId: id, attempt, outcome: 'queued' })),
  ];
}

/**
 * Opens the attempts of a database.
 *
 * @param leases a pool of its own for renewals, so that no flood of other queries makes a lease lapse
 */
export function createAttemptRepository(knex: Knex, leases: Knex): AttemptRepository {
  const change = async (claim: Claim, columns: object) =>
    (await knex('builds').where(heldBy(claim)).update(columns)) > 0;
  return {
    claim: (claim, { leaseMs }) => claimBuild(knex, claim, leaseMs),
    renewLease: async (claim, { leaseMs }) =>
      (await leases('builds')
        .where(heldBy(claim))
        .update({ lease_expires_at: inMs(leases, leaseMs) })) > 0,
    saveManifest: (claim, manifest) => change(claim, { manifest }),
    complete: (claim, result) => knex.transaction((transaction) => completeBuild(transaction, claim, result)),
    fail: (claim, { failureClass, reason }) =>
      change(claim, { ...ended(knex, 'failed'), failure_class: failureClass, reason }),
    release: (claim) => change(claim, { state: 'queued', lease_expires_at: null }),
    listDue: async ({ limit }) => {
      const rows = await knex('builds')
        .where({ state: 'queued' })
        .orderBy(['created_at', 'ordinal'])
        .limit(limit)
        .select('id', 'attempt');
      return rows.map(({ id, attempt }) => ({ buildId: id, attempt: attempt + 1 }));
    },
    expireLeases: ({ maxAttempts }) => expireLeases(knex, maxAttempts),
  };
}
