import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';

import { lockFolder } from './lock-folder.js';
import { serveClient } from './serve-client.js';
import { Turns } from './turns.js';

/** A running embedded database. */
export interface EmbeddedPostgres {
  /** For {@link createStore}: `postgres:///postgres?host=…`. */
  readonly url: string;
  /** Closes all connections, then the database. */
  readonly stop: () => Promise<void>;
}

/** Where the database and its socket are. */
export interface EmbeddedPostgresOptions {
  /** The database's own folder; made when absent. Locked: one process at a time. */
  readonly folder: string;
  /** A folder for the socket; its path has to be short (Unix allows 107 bytes for all of it). */
  readonly socketFolder: string;
}

/**
 * Starts Postgres inside this process (PGlite: Postgres compiled to WebAssembly) and serves it on a Unix socket that only
 * this user can reach, so that several processes use it as they would use any Postgres. What was committed survives
 * `kill -9`.
 *
 * @throws {Error} when another living process has the folder
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, socketFolder } = options;
  const unlock = await lockFolder(folder);
  const database = await PGlite.create({
    dataDir: join(folder, 'data'),
  });
  const turns = new Turns();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serveClient(socket, { database, turns })
      // A client that breaks off is no concern of ours; its transaction was rolled back.
      .catch(() => {})
      .finally(() => sockets.delete(socket));
  });

  await mkdir(socketFolder, { recursive: true, mode: 0o700 });
  const socketFile = join(socketFolder, '.s.PGSQL.5432');
  await rm(socketFile, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketFile, resolve));

  return {
    url: `postgres:///postgres?host=${encodeURIComponent(socketFolder)}&user=postgres`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await database.close();
      unlock();
    },
  };
}
