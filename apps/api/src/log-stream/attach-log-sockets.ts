import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import type { ApiParts } from '../api-parts.js';
import { authenticate } from '../http/authenticate.js';
import { createRequestId } from '../http/create-request-id.js';
import { HttpError } from '../http/http-error.js';
import { parseLogOffset } from './parse-log-offset.js';
import { serveLogSocket } from './serve-log-socket.js';

const LOG_PATH = /^\/apps\/([^/?]+)\/builds\/([^/?]+)\/logs(?:\?(.*))?$/;
/** Clients send nothing but the end of their input. */
const MAX_CLIENT_BYTES = 64 * 1024;

function refuse(socket: Duplex, { status, message }: HttpError): void {
  const body = message === '' ? '' : `${message}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="convox"'] : []),
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** Finds the log that a request may have. Whether there is such a build is told in the stream. */
function getTarget(request: IncomingMessage, { settings }: ApiParts) {
  authenticate({ method: request.method ?? '', headers: request.headers }, settings);
  const [, app, buildId, query] = LOG_PATH.exec(request.url ?? '') ?? [];
  if (app === undefined || buildId === undefined) throw new HttpError(404, '');
  // A build's log is followed unless the client says otherwise: `Follow` is missing from what existing ones send.
  return { app, buildId, offset: findOffset(query) ?? 0, isFollowed: request.headers['follow'] !== 'false' };
}

/** Existing clients send no query. */
function findOffset(query: string | undefined): number | undefined {
  const text = new URLSearchParams(query).get('offset');
  return text === null ? undefined : parseLogOffset(text);
}

/** Who asks for an offset learns that it is kept to: other racks begin at the first byte whatever is asked. */
function confirmOffset(headers: string[], { url = '' }: IncomingMessage): void {
  const offset = findOffset(LOG_PATH.exec(url)?.[3]);
  if (offset !== undefined) headers.push(`Log-Offset: ${offset}`);
}

/**
 * Takes upgrades to WebSockets: logs of builds, for everybody who may read.
 *
 * @returns how to break off those that are open; their clients take the log up again elsewhere
 */
export function attachLogSockets(server: Server, parts: ApiParts): { close: () => void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_BYTES, perMessageDeflate: false });
  sockets.on('headers', confirmOffset);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      const target = getTarget(request, parts);
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        parts.metrics.logReaders.inc();
        webSocket.once('close', () => parts.metrics.logReaders.dec());
        const logger = parts.logger.child({ requestId: createRequestId(), buildId: target.buildId });
        serveLogSocket(webSocket, target, { ...parts, logger }).catch(() => webSocket.terminate());
      });
    } catch (error) {
      refuse(socket, error instanceof HttpError ? error : new HttpError(400, 'bad request'));
    }
  });
  return {
    close: () => {
      for (const webSocket of sockets.clients) webSocket.terminate();
    },
  };
}
