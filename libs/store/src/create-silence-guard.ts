import type { Client } from 'pg';

/** Names a connection in the events of Knex, which knows it by this only. */
type Named = Client & { readonly __knexUid: string };

/**
 * Closes connections on which an answer did not come in time, so that the pool replaces them: left alone, it would hand
 * out a connection into a black hole again and again, until the operating system gives it up after minutes.
 */
export function createSilenceGuard(): {
  /** Options of Knex' pool. */
  readonly pool: {
    readonly afterCreate: (connection: Named, done: (error: unknown, connection: Named) => void) => void;
    readonly validate: (connection: Named) => boolean;
  };
  readonly close: (uid: string) => void;
} {
  const usable = new Map<string, Client>();
  return {
    pool: {
      afterCreate: (connection, done) => {
        usable.set(connection.__knexUid, connection);
        connection.once('end', () => usable.delete(connection.__knexUid));
        done(null, connection);
      },
      // The socket closes later than the next query may ask for a connection.
      validate: (connection) => usable.has(connection.__knexUid),
    },
    close: (uid) => {
      usable.get(uid)?.end(() => {});
      usable.delete(uid);
    },
  };
}
