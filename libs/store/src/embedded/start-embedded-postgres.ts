import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import { Engine } from './engine.js';
import { lockFolder } from './lock-folder.js';
import { type SharedDatabase, serveClient } from './serve-client.js';
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
  /** How long a client may be silent inside a transaction before it is cut off; default 10 seconds. */
  readonly idleInTransactionMs?: number;
}

/** The name that every Postgres client looks for in a folder (libpq, "host"). */
const SOCKET_NAME = '.s.PGSQL.5432';
const MAX_SOCKET_PATH_BYTES = 107;
const IDLE_IN_TRANSACTION_MS = 10_000;

function socketPath(folder: string): string {
  const path = join(folder, SOCKET_NAME);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new RangeError(
      `Cannot listen on "${path}": a socket's path has at most ${MAX_SOCKET_PATH_BYTES} bytes; name a shorter folder`,
    );
  }
  return path;
}

/** A client that breaks off is no concern of ours (its transaction was rolled back); anything else should be seen. */
function reportFailure(error: unknown): void {
  if (error instanceof Error && !('code' in error)) process.emitWarning(error);
}

function serve(shared: SharedDatabase): { server: Server; close: () => Promise<void> } {
  const clients = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    const served = serveClient(socket, shared)
      .catch(reportFailure)
      .finally(() => clients.delete(socket));
    clients.set(socket, served);
  });
  return {
    server,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of clients.keys()) socket.destroy();
      await Promise.all([...clients.values(), closed]);
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  await chmod(path, 0o600);
}

/**
 * Starts Postgres inside this process (PGlite: Postgres compiled to WebAssembly) and serves it on a Unix socket that only
 * this user can reach, so that several processes use it as they would use any Postgres. What was committed survives
 * `kill -9` of this process, but not a power cut: nothing waits for the disk.
 *
 * @throws {Error} when another living process has the folder
 * @throws {RangeError} when the socket's path is too long
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { folder, socketFolder, idleInTransactionMs = IDLE_IN_TRANSACTION_MS } = options;
  const path = socketPath(socketFolder);
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(await lockFolder(folder));
    await mkdir(socketFolder, { recursive: true, mode: 0o700 });
    const engine = new Engine(join(folder, 'data'));
    await engine.greet();
    undo.push(() => engine.close());
    const { server, close } = serve({ engine, turns: new Turns(), idleInTransactionMs });
    undo.push(close);
    await listen(server, path);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres:///postgres?host=${encodeURIComponent(socketFolder)}&user=postgres`, stop };
}
