import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { type FindAddress, placeOfUrl } from '@convox-builds/domain';

const IDLE_MS = 5 * 60_000;
/** Of answers without a body `Response` takes none. */
const BODILESS = new Set([204, 205, 304]);

/** An HTTP request without its body. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Finds the address to connect to; default the system's way. */
  readonly findAddress?: FindAddress | undefined;
  /** `false`: over a connection of its own. */
  readonly agent?: false;
}

/** What was checked is what is connected to: a name that is looked up again may lead elsewhere. */
const lookupOf =
  (address: string): LookupFunction =>
  (_host, { all }, done) =>
    all === true ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address));

/** Opens a request to a checked address; its body is still to be sent. Redirects are the caller's. */
export async function openRequest(
  url: URL,
  { findAddress, signal, headers, ...rest }: HttpRequest,
): Promise<ClientRequest> {
  const address = await findAddress?.(placeOfUrl(url));
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    ...rest,
    headers: { 'user-agent': 'convox-builds', ...headers },
    timeout: IDLE_MS,
    ...(signal === undefined ? {} : { signal }),
    ...(address === undefined ? {} : { lookup: lookupOf(address) }),
  });
  request.on('timeout', () => request.destroy(new Error(`nothing was sent or received for ${IDLE_MS / 1000} seconds`)));
  // Whoever waits for the answer, or reads it, is told; nobody else has to be.
  request.on('error', () => {});
  return request;
}

/** Makes a `Response` of an answer, with a body that was read from it. */
export function responseFrom(answer: IncomingMessage, body: ReadableStream | Buffer): Response {
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const status = answer.statusCode ?? 0;
  return new Response(BODILESS.has(status) ? null : body, { status, headers });
}
