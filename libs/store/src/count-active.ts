import { BUILD_LANES, type BuildLane } from '@convox-builds/domain';
import type { Knex } from 'knex';

/** What has not ended. */
export interface ActiveBuilds {
  readonly queued: Readonly<Record<BuildLane, number>>;
  /** On a worker, that is: external builds are not counted. */
  readonly running: Readonly<Record<BuildLane, number>>;
  /** How long ago the oldest queued build was recorded, in seconds; 0 when none waits. */
  readonly oldestQueuedSeconds: number;
}

interface CountRow {
  readonly state: 'queued' | 'running';
  readonly lane: number;
  readonly count: number;
  readonly seconds: number;
}

function countByLane(rows: readonly CountRow[], state: CountRow['state']): Record<BuildLane, number> {
  const countOf = (lane: BuildLane) =>
    rows.find((row) => row.state === state && BUILD_LANES[row.lane] === lane)?.count ?? 0;
  return { interactive: countOf('interactive'), deploy: countOf('deploy'), automatic: countOf('automatic') };
}

/** Both conditions are those of partial indexes: however many builds have ended, they are not read. */
export async function countActive(knex: Knex): Promise<ActiveBuilds> {
  const rows = await knex('builds')
    .where({ state: 'queued' })
    .orWhere((running) => running.where({ state: 'running' }).whereNotNull('lease_expires_at'))
    .groupBy('state', 'lane')
    .select<CountRow[]>(
      'state',
      'lane',
      knex.raw('count(*)::integer AS count'),
      knex.raw('extract(epoch FROM clock_timestamp() - min(created_at))::double precision AS seconds'),
    );
  const waiting = rows.filter(({ state }) => state === 'queued').map(({ seconds }) => seconds);
  return {
    queued: countByLane(rows, 'queued'),
    running: countByLane(rows, 'running'),
    oldestQueuedSeconds: Math.max(0, ...waiting),
  };
}
