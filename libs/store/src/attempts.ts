import { type BuildState, type BuiltImages, createReleaseId, type FailureClass } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { heldBy, inMs, NOW } from './claims.js';
import type { BuildRecord, Claim, ReleaseRecord, SourceCommit } from './records.js';
import { buildFromRow, recordFromRow, releaseFromRow } from './rows.js';
import type { ReleaseRow } from './tables.js';

/** One attempt of a build, for showing. */
export interface AttemptRecord {
  /** Counted from 1. */
  readonly attempt: number;
  readonly worker: string;
  /** The state that the build came to; `queued` when it went back to the queue. */
  readonly outcome: BuildState;
  readonly failureClass: FailureClass | '';
  readonly reason: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** Why an attempt ended badly. */
export interface AttemptFailure {
  readonly failureClass: FailureClass;
  readonly reason: string;
}

/** What became of a build whose lease ran out. */
export interface ExpiredLease {
  readonly buildId: string;
  /** The one that was lost. */
  readonly attempt: number;
  readonly outcome: 'queued' | 'failed';
  readonly app: string;
  /** Of the build. */
  readonly traceparent: string;
}

/**
 * What workers do to builds. Each change is one conditional update that names the claim: it changes nothing, and says
 * so, when the build has another owner or has ended.
 */
export interface AttemptRepository {
  /**
   * Takes a queued build: its attempt number becomes `attempt` if it was one less.
   *
   * @returns the build as claimed; `undefined` when somebody else was faster or was meant, it is not due yet, or there is
   *   nothing to take
   */
  claim(claim: Claim, options: { leaseMs: number }): Promise<BuildRecord | undefined>;
  /** Stores the raw text of convox.yml. */
  saveManifest(claim: Claim, text: string): Promise<boolean>;
  /** Stores what the source turned out to be; a branch and a description that somebody gave stay. */
  saveCommit(claim: Claim, commit: SourceCommit): Promise<boolean>;
  /** Ends a build well: images, release and state in one transaction. `undefined`: fenced off, nothing was written. */
  complete(claim: Claim, result: { images: BuiltImages; entrypoint: string }): Promise<ReleaseRecord | undefined>;
  /** Ends a build badly. */
  fail(claim: Claim, failure: AttemptFailure): Promise<boolean>;
  /** Puts a build back into the queue, to be tried again after a time; its failure stays on its record until then. */
  retry(claim: Claim, failure: AttemptFailure, options: { delayMs: number }): Promise<boolean>;
  /** Hands a build back to the queue: the worker goes away, and the build has done nothing wrong. */
  release(claim: Claim): Promise<boolean>;
  /** All attempts of a build, the first one first. */
  list(buildId: string): Promise<AttemptRecord[]>;
  /**
   * Puts builds whose lease ran out back into the queue; fails a build that has lost `maxLostWorkers` workers. An
   * attempt that was handed back does not count: no number of deployments makes an innocent build fail.
   */
  expireLeases(options: { maxLostWorkers: number }): Promise<ExpiredLease[]>;
}

const endedBadly = (knex: Knex) => ({
  state: 'failed' as const,
  ended_at: knex.raw(NOW),
  lease_expires_at: null,
});

const queuedAgain = { state: 'queued', lease_expires_at: null } as const;

async function claimBuild(knex: Knex, claim: Claim, leaseMs: number): Promise<BuildRecord | undefined> {
  const rows = await knex('builds')
    .where({ id: claim.buildId, state: 'queued', attempt: claim.attempt - 1 })
    .whereIn('admitted_to', ['', claim.worker])
    .whereRaw(`not_before <= ${NOW}`)
    .update({
      state: 'running',
      attempt: claim.attempt,
      worker: claim.worker,
      log_part: 0,
      lease_expires_at: inMs(knex, leaseMs),
      started_at: knex.raw(`coalesce(started_at, ${NOW})`),
      failure_class: '',
      reason: '',
      admitted_to: '',
      admitted_at: null,
    })
    .returning('*');
  return rows.map(buildFromRow).at(0);
}

/** Lets one transaction at a time make releases of the app, as long as the build is the claim's. */
const LOCK_RELEASES = `
  SELECT FROM apps JOIN builds ON builds.app = apps.name
  WHERE builds.id = :buildId AND builds.attempt = :attempt AND builds.worker = :worker AND builds.state = 'running'
  FOR NO KEY UPDATE OF apps`;

/** The conditional update decides: no row means fenced off, and no release. */
const COMPLETE = `
  WITH build AS (
    UPDATE builds SET state = 'complete', ended_at = ${NOW}, lease_expires_at = NULL,
      release_id = :releaseId, images = :images, entrypoint = :entrypoint
    WHERE id = :buildId AND attempt = :attempt AND worker = :worker AND state = 'running'
    RETURNING id, app, manifest, description
  )
  INSERT INTO releases (id, app, build_id, is_made_by_build, environment, manifest, description)
  SELECT :releaseId, app, id, true,
    coalesce((SELECT environment FROM releases WHERE app = build.app ORDER BY ordinal DESC LIMIT 1), ''),
    manifest, description
  FROM build
  RETURNING *`;

/** The transaction that ends a build well. */
async function completeBuild(
  knex: Knex,
  claim: Claim,
  { images, entrypoint }: { images: BuiltImages; entrypoint: string },
): Promise<ReleaseRecord | undefined> {
  await knex.raw(LOCK_RELEASES, { ...claim });
  const result = { releaseId: createReleaseId(), images: JSON.stringify(images), entrypoint };
  const { rows } = await knex.raw<{ rows: ReleaseRow[] }>(COMPLETE, { ...claim, ...result });
  return rows.map(releaseFromRow).at(0);
}

const LOST = ['id', 'attempt', 'app', 'traceparent'] as const;

async function expireLeases(knex: Knex, maxLostWorkers: number): Promise<ExpiredLease[]> {
  const lapsed = () => knex('builds').where({ state: 'running' }).whereRaw(`lease_expires_at < ${NOW}`);
  const failed = await lapsed()
    .whereRaw('lost_workers + 1 >= ?', [maxLostWorkers])
    .update({
      ...endedBadly(knex),
      lost_workers: knex.raw('lost_workers + 1'),
      failure_class: 'lost-worker',
      reason: knex.raw(
        `'lost its worker ' || (lost_workers + 1) || ' times, the last one in attempt ' || attempt || ': not tried again'`,
      ),
    })
    .returning(LOST);
  const queued = await lapsed()
    .whereRaw('lost_workers + 1 < ?', [maxLostWorkers])
    .update({
      ...queuedAgain,
      lost_workers: knex.raw('lost_workers + 1'),
      failure_class: 'lost-worker',
      reason: 'the worker was lost',
    })
    .returning(LOST);
  return [
    ...failed.map(({ id, ...lost }): ExpiredLease => ({ ...lost, buildId: id, outcome: 'failed' })),
    ...queued.map(({ id, ...lost }): ExpiredLease => ({ ...lost, buildId: id, outcome: 'queued' })),
  ];
}

/** Opens the attempts of a database. */
export function createAttemptRepository(knex: Knex): AttemptRepository {
  const change = async (claim: Claim, columns: object) =>
    (await knex('builds').where(heldBy(claim)).update(columns)) > 0;
  return {
    claim: (claim, { leaseMs }) => claimBuild(knex, claim, leaseMs),
    saveManifest: (claim, manifest) => change(claim, { manifest }),
    saveCommit: (claim, { id, branch, author, subject }) =>
      change(claim, {
        git_sha: id,
        git_author: author,
        git_subject: subject,
        git_branch: knex.raw(`coalesce(nullif(git_branch, ''), ?)`, [branch]),
        description: knex.raw(`coalesce(nullif(description, ''), ?)`, [`build ${id.slice(0, 10)} ${subject}`.trim()]),
      }),
    complete: (claim, result) => knex.transaction((transaction) => completeBuild(transaction, claim, result)),
    fail: (claim, { failureClass, reason }) =>
      change(claim, { ...endedBadly(knex), failure_class: failureClass, reason }),
    retry: (claim, { failureClass, reason }, { delayMs }) =>
      change(claim, {
        ...queuedAgain,
        retries: knex.raw('retries + 1'),
        not_before: inMs(knex, delayMs),
        failure_class: failureClass,
        reason,
      }),
    release: (claim) => change(claim, { ...queuedAgain, reason: 'the worker went away' }),
    list: async (buildId) => {
      const rows = await knex('attempts').where({ build_id: buildId }).orderBy('attempt');
      return rows.map(({ build_id: _id, ...columns }) => recordFromRow(columns));
    },
    expireLeases: ({ maxLostWorkers }) => expireLeases(knex, maxLostWorkers),
  };
}
