import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import type { AddressGuard } from './address-guard.js';
import { oneLine } from './one-line.js';

const MAX_ANSWER_BYTES = 1024;

/** What to send, and how long it may take. */
export interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From the first step to the last byte of the answer that we read. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where connections may go; without one anywhere. */
  readonly guard?: AddressGuard;
}

/** An answer. */
export interface PostAnswer {
  readonly status: number;
  /** Its first bytes, as one line. */
  readonly text: string;
}

async function readBeginning(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size >= MAX_ANSWER_BYTES) break;
  }
  return oneLine(Buffer.concat(pieces).subarray(0, MAX_ANSWER_BYTES).toString('utf8'));
}

/**
 * Posts JSON to an address that somebody gave us. Redirects are not followed: they would lead past the guard, with our
 * signature.
 *
 * @throws when no answer came: refused, reset, not in time; the reason of `signal` when that was aborted
 */
export async function post(url: URL, { body, headers, timeoutMs, signal, guard }: Post): Promise<PostAnswer> {
  guard?.assertHost(url.hostname);
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': 'convox-builds',
      ...headers,
    },
    agent: false,
    signal: AbortSignal.any([timeout, signal]),
    ...(guard === undefined ? {} : { lookup: guard.lookup }),
  });
  try {
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, text: await readBeginning(response) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new Error(`no answer within ${timeoutMs / 1000} seconds`, { cause: error });
    throw error;
  } finally {
    request.destroy();
  }
}
