import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import type { ApiParts } from '../api-parts.js';
import { findRole } from '../http/authenticate.js';
import { serveLogSocket } from './serve-log-socket.js';

const LOG_PATH = /^\/apps\/([^/]+)\/builds\/([^/]+)\/logs$/;
/** Clients send nothing but the end of their input. */
const MAX_CLIENT_BYTES = 64 * 1024;

function refuse(socket: Duplex, status: string, body: string): void {
  const challenge = status.startsWith('401') ? 'WWW-Authenticate: Basic realm="convox"\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status}\r\n${challenge}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Takes upgrades to WebSockets: logs of builds, for everybody who may read. */
export function attachLogSockets(server: Server, parts: ApiParts): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_BYTES, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (findRole(request.headers.authorization, parts.settings) === undefined) {
      return refuse(socket, '401 Unauthorized', 'invalid authentication\n');
    }
    const { pathname } = new URL(request.url ?? '/', 'http://rack');
    const [, app, buildId] = LOG_PATH.exec(pathname) ?? [];
    if (app === undefined || buildId === undefined) return refuse(socket, '404 Not Found', '');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveLogSocket(webSocket, { app, buildId }, parts).catch(() => webSocket.terminate());
    });
  });
  server.once('close', () => sockets.close());
}
