import type { RawData, WebSocket } from 'ws';
import type { RackConnection } from './rack-connection.js';
import { rackErrorFromBody } from './rack-error.js';

const PING_INTERVAL_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** How a log stream ended: with the rack's end mark, or by losing the connection. */
export type LogStreamEnd = 'complete' | 'lost';

/** Options of {@link readLogStream}. */
export interface LogStreamOptions {
  /** The first byte that is wanted, counted from 0. */
  readonly offset: number;
  /** Called before anything is written with the first byte that comes: the one wanted, or 0 from a rack that knows no offsets. */
  readonly onStart: (offset: number) => void;
  /** Takes the bytes as they come; while a promise of it waits, nothing more is read from the connection. */
  readonly write: (bytes: Buffer) => Promise<void> | undefined;
  readonly signal?: AbortSignal;
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

async function connect(connection: RackConnection, path: string, offset: number): Promise<WebSocket> {
  const { WebSocket } = await import('ws');
  const { baseUrl } = connection.address;
  // Without a query the request is the one that every rack knows.
  const query = offset === 0 ? '' : `?offset=${offset}`;
  return new WebSocket(`${baseUrl.replace(/^http/, 'ws')}${path}${query}`, {
    headers: { ...connection.headers, Origin: new URL(baseUrl).origin },
    perMessageDeflate: false,
    // Convox cuts its frames anywhere, also inside a character.
    skipUTF8Validation: true,
    rejectUnauthorized: !connection.isTlsUnverified,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
}

/** Ends a connection on which nothing is heard any more, not even the answer to a ping. */
function watchPulse(socket: WebSocket): void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive && !socket.isPaused) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.once('close', () => clearInterval(timer));
}

/**
 * Reads a log stream of the Rack API to its end: text frames hold the bytes, an empty binary frame ends it.
 *
 * @returns whether the rack said that this was all
 * @throws {RackError} when the rack refuses the socket; connection failures are not thrown but end as `lost`
 */
export async function readLogStream(
  connection: RackConnection,
  path: string,
  { offset, onStart, write, signal }: LogStreamOptions,
): Promise<LogStreamEnd> {
  const socket = await connect(connection, path, offset);
  return new Promise((resolve, reject) => {
    let end: LogStreamEnd = 'lost';
    let writing: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => {
      reject(error);
      socket.terminate();
    };
    const stop = () => socket.terminate();
    signal?.addEventListener('abort', stop, { once: true });
    socket.on('upgrade', ({ headers }) => onStart(headers['log-offset'] === String(offset) ? offset : 0));
    socket.on('open', () => watchPulse(socket));
    socket.on('message', (data, isBinary) => {
      const bytes = bytesOf(data);
      if (isBinary && bytes.length === 0) {
        end = 'complete';
        return socket.terminate();
      }
      const written = write(bytes);
      if (written === undefined) return;
      socket.pause();
      writing = Promise.all([writing, written]).then(() => socket.resume());
      writing.catch(fail);
    });
    socket.on('unexpected-response', (_, response) => {
      const status = response.statusCode ?? 500;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body = (body + text).slice(0, 4096);
      });
      response.on('close', () => fail(rackErrorFromBody(status, { body, origin: connection.address.origin })));
    });
    // What went wrong with the connection does not matter: the caller asks the rack for the build and decides.
    socket.on('error', () => {});
    socket.on('close', () => {
      signal?.removeEventListener('abort', stop);
      writing.then(() => resolve(end), reject);
    });
  });
}
