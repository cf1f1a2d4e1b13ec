import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import type { AddressGuard } from './address-guard.js';

/** What to send, and how long it may take. */
export interface OutgoingRequest {
  readonly method: string;
  /** `''` for none. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From the first step to the last byte of the answer that we read. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How much of the answer is read; the rest is left. */
  readonly maxAnswerBytes: number;
  /** Where connections may go; without one anywhere. */
  readonly guard?: AddressGuard;
}

/** An answer. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Its first bytes. */
  readonly text: string;
}

async function readBeginning(response: IncomingMessage, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8');
}

/**
 * Sends JSON to an address that somebody gave us. Redirects are not followed: they would lead past the guard, with our signature
 * or token.
 *
 * @throws when no answer came: refused, reset, not in time; the reason of `signal` when that was aborted
 */
export async function sendRequest(url: URL, options: OutgoingRequest): Promise<OutgoingAnswer> {
  const { method, body, headers, timeoutMs, signal, maxAnswerBytes, guard } = options;
  guard?.assertHost(url.hostname);
  const timeout = AbortSignal.timeout(timeoutMs);
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method,
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
    const text = await readBeginning(response, maxAnswerBytes);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new Error(`no answer within ${timeoutMs / 1000} seconds`, { cause: error });
    throw error;
  } finally {
    request.destroy();
  }
}
