import type { Knex } from 'knex';

import type { ForgeRow } from './forge-rows.js';
import { recordFromRow } from './rows.js';

/** A forge that is told of the builds of its repositories. */
export interface ForgeRecord {
  /** With the port, unless it is the usual one. */
  readonly host: string;
  readonly kind: ForgeRow['kind'];
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Sealed for {@link forgePlace}. */
  readonly sealedToken: string;
  readonly createdAt: Date;
}

/** A forge, and how telling it goes. */
export interface ListedForge extends ForgeRecord {
  /** Why the last thing that it was to be told was given up; `''` when it was told. */
  readonly problem: string;
}

/** A new forge. */
export type NewForge = Omit<ForgeRecord, 'createdAt'>;

/** Where in the database a forge's token stands: it opens nowhere else. */
export const forgePlace = (host: string) => `forges/${host}`;

/** The forges of a rack. */
export interface ForgeRepository {
  /** All of them, by host. */
  list(): Promise<ListedForge[]>;
  /** Adds a forge, or replaces the one of that host: what is still to be told is told with the new token, at once. */
  save(forge: NewForge): Promise<ForgeRecord>;
  /** Removes a forge with all that was to be told to it; `false` when there was none. */
  delete(host: string): Promise<boolean>;
}

const forgeFromRow = ({ quiet_until: _until, ...columns }: ForgeRow): ForgeRecord => recordFromRow(columns);

const LIST = `
  SELECT forges.*, coalesce(last.reason, '') AS problem
  FROM forges LEFT JOIN LATERAL (
    SELECT reason FROM feedback
    WHERE host = forges.host AND state IN ('told', 'failed')
    ORDER BY ordinal DESC LIMIT 1
  ) AS last ON true
  ORDER BY host`;

/** Opens the forges of a database. */
export function createForgeRepository(knex: Knex): ForgeRepository {
  return {
    list: async () => {
      const { rows } = await knex.raw<{ rows: (ForgeRow & { problem: string })[] }>(LIST);
      return rows.map(({ problem, ...row }) => ({ ...forgeFromRow(row), problem }));
    },
    save: async ({ host, kind, apiUrl, sealedToken }) => {
      const row = { host, kind, api_url: apiUrl, sealed_token: sealedToken, quiet_until: knex.raw("'-infinity'") };
      const [saved] = await knex('forges').insert(row).onConflict('host').merge().returning('*');
      if (saved === undefined) throw new TypeError(`Cannot save forge "${host}": the database gave none back`);
      return forgeFromRow(saved);
    },
    delete: async (host) => (await knex('forges').where({ host }).delete()) > 0,
  };
}
