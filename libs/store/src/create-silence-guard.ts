import type { Knex } from 'knex';

import type { Client } from 'pg';

/** What pg says when `query_timeout` is over (`pg/lib/client.js`); it has no code. */
const TIMEOUT_MESSAGE = 'Query read timeout';

/** Names a connection in the events of Knex, which knows it by this only. */
type Named = Client & { readonly __knexUid: string };

/**
 * Closes connections on which an answer did not come in time, so that the pool replaces them: left alone, it would hand
 * out a connection into a black hole again and again, until the operating system gives it up after minutes.
 */
export function createSilenceGuard(): {
  /** For the pool's `afterCreate`. */
  readonly register: (connection: Named, done: (error: unknown, connection: Named) => void) => void;
  readonly watch: (knex: Knex) => void;
} {
  const connections = new Map<string, Client>();
  return {
    register: (connection, done) => {
      connections.set(connection.__knexUid, connection);
      connection.once('end', () => connections.delete(connection.__knexUid));
      done(null, connection);
    },
    watch: (knex) => {
      knex.on('query-error', (error: Error, query: { __knexUid: string }) => {
        if (error.message === TIMEOUT_MESSAGE) connections.get(query.__knexUid)?.end(() => {});
      });
    },
  };
}
