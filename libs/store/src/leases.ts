import { heldBy, inMs } from './claims.js';
import { openDatabase } from './database.js';
import type { Claim } from './records.js';

/** Keeps claims alive, over a connection of its own: no flood of other queries makes a lease lapse. */
export interface LeaseRepository {
  /** Renews a lease on the database's clock. `false`: the build is not ours any more. */
  renew(claim: Claim, options: { leaseMs: number }): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the leases of a database. Nothing is connected before the first use. */
export function openLeases(databaseUrl: string): LeaseRepository {
  const knex = openDatabase(databaseUrl, { poolSize: 1 });
  return {
    renew: async (claim, { leaseMs }) =>
      (await knex('builds')
        .where(heldBy(claim))
        .update({ lease_expires_at: inMs(knex, leaseMs) })) > 0,
    close: () => knex.destroy(),
  };
}
