import { StringDecoder } from 'node:string_decoder';

import type { WebSocket } from 'ws';

import type { ApiParts } from '../api-parts.js';
import { streamBuildLog } from './stream-build-log.js';

const PING_EVERY_MS = 30_000;

async function send(socket: WebSocket, data: string): Promise<void> {
  if (data === '') return;
  // Resolves when it was handed to the system: a slow reader is not read for.
  await new Promise<void>((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve())));
}

/** Dead connections are found by pings that stay without an answer. */
function watch(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * Serves a build's log over a WebSocket as Convox does: text frames, cut at characters, then an empty binary frame.
 * Errors come in the stream, because a refused socket would end the client's whole command.
 */
export async function serveLogSocket(
  socket: WebSocket,
  { app, buildId }: { app: string; buildId: string },
  parts: ApiParts,
): Promise<void> {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  socket.on('error', () => gone.abort());
  const unwatch = watch(socket);
  const decoder = new StringDecoder('utf8');
  try {
    for await (const bytes of streamBuildLog(parts, { app, buildId, signal: gone.signal })) {
      await send(socket, decoder.write(bytes));
    }
    await send(socket, decoder.end());
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof RangeError)) parts.logger.error({ err: error, buildId }, 'Log stream failed');
    const message = error instanceof RangeError ? error.message : 'the log cannot be read';
    await send(socket, `ERROR: ${message}\n`).catch(() => {});
  } finally {
    unwatch();
    if (!gone.signal.aborted) {
      socket.send(Buffer.alloc(0));
      socket.close(1000);
    }
  }
}
