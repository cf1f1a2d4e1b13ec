import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { AUTHORIZATION } from './start-test-api.js';

/** A connection on which a test writes the bytes itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** What came so far. */
  readonly received: () => Buffer;
  /** Resolves with all that came when the other side has ended or broken the connection. */
  readonly closed: Promise<Buffer>;
}

/** Connects, and writes the head of a request: the rack's password unless there is another one. */
export async function openRaw(port: number, lines: readonly string[]): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.on('error', () => {});
  const received = () => Buffer.concat(pieces);
  const closed = new Promise<Buffer>((resolve) => {
    socket.once('close', () => resolve(received()));
  });
  await once(socket, 'connect');
  const hasPassword = lines.some((line) => line.startsWith('Authorization:'));
  const own = ['Host: rack', ...(hasPassword ? [] : [`Authorization: ${AUTHORIZATION}`])];
  socket.write(`${[lines[0], ...own, ...lines.slice(1)].join('\r\n')}\r\n\r\n`);
  return { socket, received, closed };
}

/** Opens a log as Convox clients do, and reads the bytes of the socket until it is closed. */
export async function readRawSocket(port: number, path: string): Promise<{ head: string; frames: Buffer }> {
  const { socket, closed } = await openRaw(port, [
    `GET ${path} HTTP/1.1`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Origin: http://127.0.0.1:${port}`,
  ]);
  // The close frame is not answered: the server then ends the connection by itself, or we do.
  const timer = setTimeout(() => socket.destroy(), 60_000);
  socket.on('data', (piece: Buffer) => {
    if (piece.includes(CLOSE_1000)) socket.end();
  });
  const bytes = await closed;
  clearTimeout(timer);
  const end = bytes.indexOf('\r\n\r\n');
  return { head: bytes.subarray(0, end).toString(), frames: bytes.subarray(end + 4) };
}

/** An empty binary frame (RFC 6455, section 5.2): the end of a log. */
export const END_MARK = Buffer.from([0x82, 0x00]);
/** A close frame with status 1000. */
export const CLOSE_1000 = Buffer.from([0x88, 0x02, 0x03, 0xe8]);
