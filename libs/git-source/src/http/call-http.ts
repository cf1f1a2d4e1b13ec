import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { GitError } from '../git-error.js';
import { serverWords } from '../server-words.js';

const IDLE_MS = 30_000;

/** A request to a server whose address was checked. */
export interface HttpCall {
  readonly method?: 'GET' | 'POST';
  /** The address that is connected to, whatever the name has become. */
  readonly address: string;
  /** Certificates of the authorities that are believed (PEM), default: Node's own. */
  readonly ca?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What TLS finds wrong with a certificate (`X509_V_ERR_*` of OpenSSL, and Node's own check of names). */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** Tells why no answer came, or why it came to no end. */
export function explainBroken(error: unknown, server: string): GitError {
  if (error instanceof GitError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (UNTRUSTED.test(code)) return new GitError('refused', serverWords.isNotTrusted(server), { cause: error });
  if (code === 'ETIMEDOUT') return new GitError('unavailable', serverWords.isSlow(server), { cause: error });
  const isSilent = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/.test(code);
  return new GitError('unavailable', serverWords[isSilent ? 'isSilent' : 'breaksOff'](server), { cause: error });
}

const lookupOf =
  (address: string): LookupFunction =>
  (_host, { all }, done) => {
    const family = isIP(address);
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };

/**
 * Sends a request and gives its answer, which has to be read to its end or destroyed. No redirection is followed.
 *
 * @throws {GitError} when none came; the reason of the signal when that was aborted
 */
export async function callHttp(url: URL, call: HttpCall): Promise<IncomingMessage> {
  const { method = 'GET', address, ca, headers, body = '', signal } = call;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length = method === 'POST' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {};
  const request = send(url, {
    method,
    headers: { 'User-Agent': 'convox-builds', ...headers, ...length },
    agent: false,
    lookup: lookupOf(address),
    signal,
    ...(ca === undefined ? {} : { ca }),
  });
  const late = () => request.destroy(Object.assign(new Error('no byte came'), { code: 'ETIMEDOUT' }));
  request.setTimeout(IDLE_MS, late);
  try {
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  } catch (error) {
    signal.throwIfAborted();
    throw explainBroken(error, url.host);
  }
}

/** Reads an answer of at most so many bytes. */
export async function readAnswer(response: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    size += piece.length;
    if (size > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
