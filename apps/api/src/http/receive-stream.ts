import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ApiContext } from '../api-context.js';
import { watchUploadPace } from './upload-pace.js';

/** How much longer a client may go on sending what was refused. */
const DRAIN_WITHIN_MS = 30_000;
const DRAIN_BYTES = 1024 ** 3;
const LOOK_EVERY_MS = 20;

/**
 * Reads the rest of a body that is not wanted, within bounds: a client that sends while it reads from a pipe sees our
 * answer then, and not a broken connection.
 */
async function drain(request: IncomingMessage): Promise<void> {
  const until = performance.now() + DRAIN_WITHIN_MS;
  const upTo = request.socket.bytesRead + DRAIN_BYTES;
  request.unpipe();
  request.resume();
  const isOver = () => request.complete || request.destroyed || request.socket.bytesRead > upTo;
  while (!isOver() && performance.now() < until) await sleep(LOOK_EVERY_MS);
}

/** Hands a request's body to somebody who may give up on it, without giving up the connection. */
export async function receiveStream<T>(ctx: ApiContext, receive: (content: Readable) => Promise<T>): Promise<T> {
  const { req } = ctx;
  const content = new PassThrough();
  // Whoever reads it gets its errors; nobody else has to.
  content.on('error', () => {});
  const pace = watchUploadPace(req);
  const breakOff = () => {
    if (!req.complete) content.destroy(new Error('the client broke off'));
  };
  req.once('close', breakOff).pipe(content);
  try {
    return await receive(content);
  } catch (error) {
    content.destroy(new Error('the body is not wanted any more'));
    await drain(req);
    throw error;
  } finally {
    req.off('close', breakOff);
    pace.stop();
  }
}
