import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ByteLengthQueuingStrategy } from 'node:stream/web';

import { type HttpRequest, openRequest, responseFrom } from './open-request.js';
import { RegistryError } from './registry-error.js';

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** These keep the method and the body (RFC 9110, section 15.4). */
const KEEPING_REDIRECTS = new Set([307, 308]);
/** Small answers are read to their end, whoever reads them: their connections can be used again. */
const READ_AHEAD_BYTES = 64 * 1024;

/** A request that can be sent again. */
export type SmallRequest = HttpRequest & { readonly body?: Buffer | undefined };

/** An answer, and who gave it. */
export interface Answer {
  readonly response: Response;
  readonly origin: string;
}

async function sendOnce(url: URL, { body, ...request }: SmallRequest): Promise<Response> {
  const sent = await openRequest(url, request);
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD_BYTES });
  return responseFrom(answer, Readable.toWeb(answer, { strategy }) as ReadableStream);
}

function findRedirect({ status, headers }: Response, url: URL, { method }: SmallRequest): URL | undefined {
  const location = headers.get('location');
  const isFollowed = KEEPING_REDIRECTS.has(status) || (REDIRECTS.has(status) && ['GET', 'HEAD'].includes(method));
  if (location === null || !isFollowed) return undefined;
  const next = new URL(location, url);
  if (next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:')) return next;
  throw new RegistryError(
    'refused',
    `Cannot ask "${url.host}": it redirects to an address without TLS, which is not followed`,
  );
}

/** Nobody but who was asked at first is told who we are. */
function withoutLogin({ headers: { authorization: _, ...headers }, ...request }: SmallRequest): SmallRequest {
  return { ...request, headers };
}

/**
 * Sends a request, and goes where it is redirected to: each of the addresses is checked, and with TLS it stays with TLS.
 *
 * @throws {RegistryError} for a redirect that is not followed; {@link HostError} and what the network says as they are
 */
export async function sendAndFollow(url: URL, request: SmallRequest): Promise<Answer> {
  let place = url;
  let sent = request;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await sendOnce(place, sent);
    const next = findRedirect(response, place, request);
    if (next === undefined) return { response, origin: place.origin };
    await response.body?.cancel();
    if (next.origin !== place.origin) sent = withoutLogin(sent);
    place = next;
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
}
