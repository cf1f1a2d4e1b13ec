import knexModule, { type Knex } from 'knex';

/** How long any one query may take. A connection into a black hole is noticed after this time and not after minutes. */
const QUERY_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Opens a pool of connections to Postgres, real or embedded. Nothing is connected before the first query. */
export function openDatabase(databaseUrl: string, { poolSize }: { poolSize: number }): Knex {
  return knexModule.default({
    client: 'pg',
    connection: {
      connectionString: databaseUrl,
      query_timeout: QUERY_TIMEOUT_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'convox-builds',
    },
    pool: { min: 0, max: poolSize },
    acquireConnectionTimeout: CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS,
  });
}
