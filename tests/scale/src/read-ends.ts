import { query, type Row } from './query.js';

/** What became of the builds, by the database. */
export interface Ends {
  /** How many ended how; those that did not end, too. */
  readonly states: Readonly<Record<string, number>>;
  readonly releases: number;
  /** Builds that lost a worker. */
  readonly lostWorkers: number;
  /** From the record of a build to its first claim, in milliseconds. */
  readonly waitMs: Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>>;
  /** The statements that took most of the database's time, the first one most. */
  readonly statements: readonly Row[];
}

const STATES = `
  SELECT state || CASE WHEN failure_class IN ('', 'cancelled') THEN '' ELSE ', ' || failure_class END AS state,
    count(*)::int AS count
  FROM builds GROUP BY 1`;

const WAITS = `
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS p50, percentile_cont(0.9) WITHIN GROUP (ORDER BY wait) AS p90,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY wait) AS p99, max(wait) AS max,
    (SELECT count(*) FROM releases) AS releases, (SELECT count(*) FROM builds WHERE lost_workers > 0) AS lost
  FROM (SELECT extract(epoch FROM started_at - created_at)::float8 * 1000 AS wait FROM builds WHERE started_at IS NOT NULL) AS waits`;

const STATEMENTS = `
  SELECT calls, round(total_exec_time::numeric / 1000, 1) AS seconds, round(mean_exec_time::numeric, 2) AS "meanMs",
    round((100 * total_exec_time / sum(total_exec_time) OVER ())::numeric, 1) AS percent,
    left(regexp_replace(query, '\\s+', ' ', 'g'), 150) AS statement
  FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 15`;

/** Reads what became of all builds. */
export async function readEnds(databaseUrl: string): Promise<Ends> {
  const states = await query(databaseUrl, STATES);
  const [waits = {}] = await query(databaseUrl, WAITS);
  const number = (name: string) => Number(waits[name]);
  return {
    states: Object.fromEntries(states.map(({ state, count }) => [String(state), Number(count)])),
    releases: number('releases'),
    lostWorkers: number('lost'),
    waitMs: { p50: number('p50'), p90: number('p90'), p99: number('p99'), max: number('max') },
    statements: await query(databaseUrl, STATEMENTS),
  };
}
