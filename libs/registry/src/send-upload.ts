import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Some servers and proxies do not know what "continue" is. */
const CONTINUE_WITHIN_MS = 1000;
const IDLE_MS = 5 * 60_000;
/** What an answer to an upload has to say. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A request with a body that is streamed. */
export interface Upload {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Called when the server is willing to take it. */
  readonly openBody: () => Promise<Readable>;
  readonly signal?: AbortSignal | undefined;
}

async function readAnswer(answer: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
    else break;
  }
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const status = answer.statusCode ?? 0;
  const hasBody = status !== 204 && status !== 304;
  return new Response(hasBody ? Buffer.concat(pieces) : null, { status, headers });
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
 * Sends a request whose body may be of any size, and reads its answer. `fetch()` is of no use for that: as of Node 20 it keeps
 * every piece of a streamed body in memory until the request has ended.
 */
export async function sendUpload(url: URL, { method, headers, openBody, signal }: Upload): Promise<Response> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send(url, {
    method,
    headers: { ...headers, expect: '100-continue' },
    agent: false,
    timeout: IDLE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  request.on('timeout', () => request.destroy(new Error(`nothing was sent or received for ${IDLE_MS / 1000} seconds`)));
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
