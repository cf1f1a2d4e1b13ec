import { StringDecoder } from 'node:string_decoder';

import type { WebSocket } from 'ws';

import type { ApiParts } from '../api-parts.js';
import { explainLogError } from './explain-log-error.js';
import { BuildNotFoundError, type LogRequest, streamBuildLog } from './stream-build-log.js';
import { watchPulse } from './watch-pulse.js';

/** Resolves when it was handed to the system: what a slow reader has not taken is not read for it. */
async function send(socket: WebSocket, data: string | Buffer): Promise<void> {
  if (typeof data === 'string' && data === '') return;
  await new Promise<void>((resolve, reject) => socket.send(data, (error) => (error ? reject(error) : resolve())));
}

async function sendLog(socket: WebSocket, request: LogRequest, parts: ApiParts): Promise<void> {
  // Frames end at characters: strict clients check each of them.
  const decoder = new StringDecoder('utf8');
  for await (const bytes of streamBuildLog(parts, request)) await send(socket, decoder.write(bytes));
  await send(socket, decoder.end());
}

/**
 * Serves a build's log over a WebSocket as Convox does: text frames, then an empty binary frame. That there is no such
 * build comes in the stream, because a refused socket would end the client's whole command.
 *
 * `parts.logger` names the request and the build. A stream that fails half-way is not ended but broken off: the end mark would say that this was all.
 */
export async function serveLogSocket(
  socket: WebSocket,
  target: Omit<LogRequest, 'signal'>,
  parts: ApiParts,
): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  // Every error is followed by a close.
  socket.on('error', () => {});
  watchPulse(socket);
  const request = { ...target, signal: gone.signal };
  try {
    await sendLog(socket, request, parts);
    await send(socket, Buffer.alloc(0));
    socket.close(1000);
  } catch (error) {
    if (gone.signal.aborted) return;
    const message = explainLogError(error, request.buildId, parts);
    // Not in the stream: who takes it up again asks for what comes after the bytes that came.
    if (!(error instanceof BuildNotFoundError)) return socket.close(1011, message);
    await send(socket, `ERROR: ${message}\n`);
    await send(socket, Buffer.alloc(0));
    socket.close(1000);
  }
}
