import { BUILD_LANES, chooseAdmissions, type QueuedApp, type QueuedBuild } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { Occasion } from '../run-if-any.js';
import { QUEUED_APPS, READY_WORKERS } from './queue-sql.js';

/** How many builds may run at once. */
export interface QueueLimits {
  /** On the whole rack. */
  readonly running: number;
  /** Of one app, unless its parameter `BuildConcurrency` says otherwise. */
  readonly runningPerApp: number;
}

/** An admitted build and the worker to ring. */
export interface RungBuild {
  readonly buildId: string;
  /** The attempt that is due. */
  readonly attempt: number;
  /** Its name. */
  readonly worker: string;
}

/** Any number will do, as long as nobody else locks it. */
const ADMISSION_LOCK = 724_051_874;
/** A worker that was given a build takes it up at once, or is not there. */
const TAKEN_UP_WITHIN = `interval '15 seconds'`;

/** Without any of them there is no round: most calls are of a worker that has a slot free, and nothing waits. */
export const QUEUED: Occasion<RungBuild[]> = { rows: `FROM builds WHERE state = 'queued'`, otherwise: [] };

const TAKE_BACK = `
  UPDATE builds SET admitted_to = '', admitted_at = NULL
  WHERE state = 'queued' AND admitted_to <> '' AND (
    admitted_at < clock_timestamp() - ${TAKEN_UP_WITHIN} OR
    admitted_to NOT IN (SELECT owner FROM workers WHERE ${READY_WORKERS})
  )`;

const LIST_WORKERS = `
  SELECT name, owner, slots,
    (SELECT count(*)::int FROM builds WHERE state = 'running' AND worker = owner) +
    (SELECT count(*)::int FROM builds WHERE state = 'queued' AND admitted_to = owner) AS used
  FROM workers WHERE ${READY_WORKERS}`;

const LIST_ACTIVE = `
  SELECT app, count(*)::int AS active FROM (
    SELECT app FROM builds WHERE state = 'running' AND worker <> ''
    UNION ALL
    SELECT app FROM builds WHERE state = 'queued' AND admitted_to <> ''
  ) AS builds GROUP BY app`;

/** Each statement sees what the one that held the lock before has done. */
const BEGIN_ROUND = `SELECT pg_advisory_xact_lock(${ADMISSION_LOCK}); ${TAKE_BACK}; ${LIST_WORKERS}; ${LIST_ACTIVE}`;

const LIST_CANDIDATES = `
  WITH RECURSIVE ${QUEUED_APPS}
  SELECT apps.name AS app, apps.parameters, greatest(0, extract(epoch FROM apps.admitted_at) * 1000)::float8 AS served_at,
    (SELECT worker FROM builds WHERE app = apps.name AND state = 'complete' ORDER BY created_at DESC, ordinal DESC LIMIT 1)
      AS warm_worker,
    candidates.*
  FROM queued_apps JOIN apps ON apps.name = queued_apps.app
  CROSS JOIN LATERAL (
    SELECT id, lane, CASE WHEN failure_class = '' THEN '' ELSE worker END AS avoided_worker FROM builds
    WHERE app = apps.name AND state = 'queued' AND admitted_to = '' AND not_before <= clock_timestamp()
    ORDER BY lane, created_at, ordinal LIMIT :free
  ) AS candidates`;

const GIVE = `
  WITH given AS (
    UPDATE builds SET admitted_to = admissions.owner, admitted_at = clock_timestamp()
    FROM unnest(:ids::text[], :owners::text[]) AS admissions (id, owner)
    WHERE builds.id = admissions.id AND state = 'queued' AND admitted_to = ''
    RETURNING app
  )
  UPDATE apps SET admitted_at = clock_timestamp() WHERE name IN (SELECT app FROM given)`;

const LIST_RUNG = `
  SELECT builds.id AS "buildId", builds.attempt + 1 AS attempt, workers.name AS worker
  FROM builds JOIN workers ON workers.owner = builds.admitted_to
  WHERE builds.state = 'queued' AND builds.admitted_to <> ''
  ORDER BY builds.created_at, builds.ordinal`;

interface WorkerLoad {
  readonly name: string;
  readonly owner: string;
  readonly slots: number;
  readonly used: number;
}

interface Candidate {
  readonly app: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly served_at: number;
  readonly warm_worker: string | null;
  readonly id: string;
  readonly lane: number;
  readonly avoided_worker: string;
}

interface ActiveApp {
  readonly app: string;
  readonly active: number;
}

type Rows<Row> = { readonly rows: Row[] };

/** A worker's name is what is before the last slash of its process' name. */
const nameOf = (owner: string | null) => (owner ?? '').replace(/\/[^/]*$/, '') || undefined;

const numberOf = (text: string | undefined, fallback: number) => (Number(text) > 0 ? Number(text) : fallback);

function groupByApp(
  candidates: readonly Candidate[],
  activeOf: ReadonlyMap<string, number>,
  { runningPerApp }: QueueLimits,
): QueuedApp[] {
  const apps = new Map<string, QueuedApp & { builds: QueuedBuild[] }>();
  for (const { app: name, parameters, served_at: servedAt, warm_worker, ...build } of candidates) {
    const app = apps.get(name) ?? {
      name,
      servedAt,
      active: activeOf.get(name) ?? 0,
      weight: numberOf(parameters['BuildWeight'], 1),
      limit: numberOf(parameters['BuildConcurrency'], runningPerApp),
      warmWorker: nameOf(warm_worker),
      builds: [],
    };
    apps.set(name, app);
    const lane = BUILD_LANES[build.lane] ?? 'automatic';
    app.builds.push({ id: build.id, lane, avoidedWorker: nameOf(build.avoided_worker) });
  }
  return [...apps.values()];
}

/** What a round of the dispatcher starts from. */
interface Round {
  readonly workers: readonly WorkerLoad[];
  readonly active: readonly ActiveApp[];
  readonly free: number;
}

async function beginRound(knex: Knex): Promise<Round> {
  const results: Rows<never>[] = await knex.raw(BEGIN_ROUND);
  // What it was told in turn: locked, taken back, workers, apps.
  const workers: readonly WorkerLoad[] = results[2]?.rows ?? [];
  const active: readonly ActiveApp[] = results[3]?.rows ?? [];
  return { workers, active, free: workers.reduce((sum, { slots, used }) => sum + Math.max(0, slots - used), 0) };
}

async function giveOut(knex: Knex, { workers, active, free }: Round, limits: QueueLimits): Promise<void> {
  const { rows: candidates } = await knex.raw<Rows<Candidate>>(LIST_CANDIDATES, { free });
  const apps = groupByApp(candidates, new Map(active.map((row) => [row.app, row.active])), limits);
  const running = active.reduce((sum, row) => sum + row.active, 0);
  const admissions = chooseAdmissions(workers, apps, { slots: limits.running - running });
  if (admissions.length === 0) return;
  const ownerOf = new Map(workers.map(({ name, owner }) => [name, owner]));
  const ids = admissions.map(({ buildId }) => buildId);
  const owners = admissions.map(({ worker }) => ownerOf.get(worker) ?? '');
  await knex.raw(GIVE, { ids, owners });
}

/** One round of the dispatcher; to be run in a transaction. */
export async function admit(knex: Knex, limits: QueueLimits): Promise<RungBuild[]> {
  const round = await beginRound(knex);
  if (round.free > 0) await giveOut(knex, round, limits);
  return (await knex.raw<Rows<RungBuild>>(LIST_RUNG)).rows;
}
