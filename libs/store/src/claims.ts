import type { Knex } from 'knex';

import type { Claim } from './records.js';

/** The database's clock: the only one that all agree on. */
export const NOW = 'clock_timestamp()';

/** The row of a build, if the claim on it still holds. */
export const heldBy = ({ buildId, attempt, worker }: Claim) =>
  ({ id: buildId, attempt, worker, state: 'running' }) as const;

/** A time ago, on the database's clock. */
export const msAgo = (knex: Knex, ms: number) => knex.raw(`${NOW} - ? * interval '1 millisecond'`, [ms]);

/** A time from now, on the database's clock. */
export const inMs = (knex: Knex, ms: number) => knex.raw(`${NOW} + ? * interval '1 millisecond'`, [ms]);
