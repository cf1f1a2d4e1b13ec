import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { type HttpRequest, openRequest, responseFrom } from './open-request.js';

/** Some servers and proxies do not know what "continue" is. */
const CONTINUE_WITHIN_MS = 1000;
/** What an answer to an upload has to say. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A request with a body that is streamed. */
export interface Upload extends HttpRequest {
  /** Called when the server is willing to take it. */
  readonly openBody: () => Promise<Readable>;
}

async function readAnswer(answer: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
    else break;
  }
  return responseFrom(answer, Buffer.concat(pieces));
}

/** Waits until the server wants the body (RFC 9110, section 10.1.1). `false`: it has answered already. */
async function isWanted(request: ClientRequest, answered: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const wanted = Promise.race([
    once(request, 'continue', { signal: patience.signal }),
    sleep(CONTINUE_WITHIN_MS, undefined, { signal: patience.signal }),
  ]).then(() => true);
  // Whatever comes second is left alone.
  wanted.catch(() => {});
  try {
    return await Promise.race([wanted, answered.then(() => false)]);
  } finally {
    patience.abort();
  }
}

/**
 * Sends a request whose body may be of any size, and reads its answer. Redirects are not followed.
 */
export async function sendUpload(url: URL, { openBody, headers, ...rest }: Upload): Promise<Response> {
  const request = await openRequest(url, { ...rest, headers: { ...headers, expect: '100-continue' }, agent: false });
  request.flushHeaders();
  try {
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    answered.catch(() => {});
    if (await isWanted(request, answered)) {
      const sent = pipeline(await openBody(), request);
      // An answer that comes early is the answer: the rest of the body is not wanted.
      await Promise.race([sent, answered]);
      sent.catch(() => {});
    }
    const [answer] = await answered;
    return await readAnswer(answer);
  } finally {
    request.destroy();
  }
}
