import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { pipeline } from 'node:stream/promises';

import type { ApiContext } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { HttpError } from '../http/http-error.js';
import { watchUploadPace } from '../http/upload-pace.js';
import type { RegistryTarget } from './parse-registry-path.js';

const TOKEN_TTL_SECONDS = 300;
const SENT_ON = ['accept', 'content-type', 'content-length', 'content-range', 'range', 'if-none-match'] as const;

type Upstream = { readonly host: string; readonly isPlainHttp: boolean };

/** The rack's own credentials, good for no more than what was asked. The caller's never leave the api. */
function authorizationFor({ repository, action }: RegistryTarget, { settings, tokenIssuer }: ApiParts, isEnd: boolean) {
  const { username, password } = settings.registry;
  if (tokenIssuer === undefined) {
    return username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  // The registry asks for the right to delete where an upload is given up.
  const actions = isEnd ? (['delete'] as const) : action === 'pull' ? (['pull'] as const) : (['pull', 'push'] as const);
  const access = [{ repository, actions }];
  return `Bearer ${tokenIssuer.issue({ subject: 'api', access, ttlSeconds: TOKEN_TTL_SECONDS }).token}`;
}

function headersFor(given: IncomingHttpHeaders, authorization: string | undefined): Record<string, string> {
  const sent = SENT_ON.flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(sent), ...(authorization === undefined ? {} : { authorization }) };
}

/**
 * Sends a request on to the rack's registry, its body as it comes.
 *
 * @returns the answer, still to be read
 * @throws {HttpError} 502
 */
export async function askRegistry(
  ctx: ApiContext,
  target: RegistryTarget,
  { upstream, parts }: { upstream: Upstream; parts: ApiParts },
): Promise<IncomingMessage> {
  const url = new URL(`${upstream.isPlainHttp ? 'http' : 'https'}://${upstream.host}${ctx.path}${ctx.search}`);
  const headers = headersFor(ctx.headers, authorizationFor(target, parts, ctx.method === 'DELETE'));
  const options = { method: ctx.method, headers, agent: false as const };
  const request = upstream.isPlainHttp ? requestPlain(url, options) : requestTls(url, options);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.on('error', () => {});
  ctx.res.once('close', () => request.destroy());
  const pace = watchUploadPace(ctx.req);
  // From then on it is the registry that takes its time.
  ctx.req.once('end', pace.stop);
  // When the registry answers before it has read all, the answer counts.
  pipeline(ctx.req, request).catch(() => {});
  try {
    const [response] = await answered;
    return response;
  } catch (error) {
    throw new HttpError(502, 'the registry of the rack does not answer, try again in a moment', { cause: error });
  } finally {
    pace.stop();
  }
}
