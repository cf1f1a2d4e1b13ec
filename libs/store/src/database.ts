import knexModule, { type Knex } from 'knex';

import { createSilenceGuard } from './create-silence-guard.js';
import { isSilence, withholdStatement } from './database-error.js';

/** How long any one query may take. A connection into a black hole is noticed after this time and not after minutes. */
const QUERY_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** How a pool is opened. */
export interface DatabaseOptions {
  readonly poolSize: number;
  /** How long any one query may take; default 10 seconds. */
  readonly queryTimeoutMs?: number;
  /** Told what Knex has to say, of connections that were lost for instance; by default nobody is. */
  readonly onWarning?: (message: string) => void;
}

/** Opens a pool of connections to Postgres, real or embedded. Nothing is connected before the first query. */
export function openDatabase(databaseUrl: string, options: DatabaseOptions): Knex {
  const { poolSize, queryTimeoutMs = QUERY_TIMEOUT_MS, onWarning = () => {} } = options;
  const guard = createSilenceGuard();
  const connection = {
    connectionString: databaseUrl,
    query_timeout: queryTimeoutMs,
    // The server gives up first, while it still answers: what we called failed is not done later behind our back.
    statement_timeout: queryTimeoutMs * 0.8,
    // A process that froze inside a transaction must not keep its locks.
    idle_in_transaction_session_timeout: queryTimeoutMs,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'convox-builds',
  };
  const knex = knexModule.default({
    client: 'pg',
    connection,
    pool: { min: 0, max: poolSize, ...guard.pool },
    compileSqlOnError: false,
    // It would print lines of its own, between those of our log.
    log: { warn: onWarning, error: onWarning },
    acquireConnectionTimeout: CONNECT_TIMEOUT_MS + queryTimeoutMs,
  });
  knex.on('query-error', (error: Error, query: { sql: string; __knexUid: string }) => {
    withholdStatement(error, query.sql);
    if (isSilence(error)) guard.close(query.__knexUid);
  });
  return knex;
}
