import type { Knex } from 'knex';

import { QUEUED_APPS, READY_WORKERS } from './queue-sql.js';

/** How a build stands in the queue. */
export interface QueueWait {
  /** Counted from 1: the turns until it starts, when every app is given them in turn. */
  readonly position: number;
  /** Builds that all workers together run at once; 0 when no worker is ready. */
  readonly slots: number;
  /** How many of those are taken. */
  readonly used: number;
  /** Builds of the same app that run. */
  readonly appRunning: number;
  /** How many of them may, when the app says so. */
  readonly appLimit: number | undefined;
  /** It does not start before. */
  readonly notBefore: Date;
  /** A worker was given it and is about to take it up. */
  readonly isAdmitted: boolean;
  /** Why it is in the queue again; `''` for a new build. */
  readonly reason: string;
  /** How long builds of this rack took lately, in milliseconds; `undefined` when there were none. */
  readonly usualMs: number | undefined;
}

interface WaitRow extends Omit<QueueWait, 'position' | 'usualMs' | 'appLimit'> {
  readonly appLimit: string | null;
  readonly ahead: number;
  readonly others: number;
  readonly usualMs: number | null;
}

/** `ahead` counts builds of the same app; of other apps count as many as take their turns meanwhile. */
const DESCRIBE = `
  WITH RECURSIVE ${QUEUED_APPS},
  build AS (SELECT * FROM builds WHERE id = :buildId AND state = 'queued'),
  ahead AS (
    SELECT count(*)::int AS count FROM builds, build
    WHERE builds.state = 'queued' AND builds.app = build.app
      AND (builds.lane, builds.created_at, builds.ordinal) < (build.lane, build.created_at, build.ordinal)
  ),
  others AS (
    SELECT coalesce(sum((
      SELECT count(*) FROM (
        SELECT FROM builds WHERE state = 'queued' AND app = queued_apps.app LIMIT (SELECT count + 1 FROM ahead)
      ) AS turns
    )), 0)::int AS count
    FROM queued_apps, build WHERE queued_apps.app <> build.app
  ),
  ready AS (
    SELECT coalesce(sum(slots), 0)::int AS slots FROM workers
    WHERE ${READY_WORKERS}
  ),
  lately AS (
    SELECT ended_at - started_at AS took FROM builds WHERE state = 'complete' ORDER BY ended_at DESC LIMIT 20
  )
  SELECT ahead.count AS ahead, others.count AS others, ready.slots,
    (SELECT count(*)::int FROM builds WHERE state = 'running' AND worker <> '') AS used,
    (SELECT count(*)::int FROM builds AS running, build
      WHERE running.state = 'running' AND running.worker <> '' AND running.app = build.app) AS "appRunning",
    (SELECT parameters ->> 'BuildConcurrency' FROM apps WHERE name = build.app) AS "appLimit",
    build.not_before AS "notBefore", build.admitted_to <> '' AS "isAdmitted", build.reason,
    (SELECT extract(epoch FROM avg(took)) * 1000 FROM lately)::float8 AS "usualMs"
  FROM build, ahead, others, ready`;

/** Looks up how a build stands in the queue. */
export async function describeWait(knex: Knex, buildId: string): Promise<QueueWait | undefined> {
  const { rows } = await knex.raw<{ rows: WaitRow[] }>(DESCRIBE, { buildId });
  return rows
    .map(({ ahead, others, usualMs, appLimit, ...row }) => ({
      ...row,
      position: ahead + others + 1,
      usualMs: usualMs ?? undefined,
      appLimit: Number(appLimit) > 0 ? Number(appLimit) : undefined,
    }))
    .at(0);
}
