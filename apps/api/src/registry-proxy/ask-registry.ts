import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { pipeline } from 'node:stream/promises';

import type { ApiContext } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { explainRegistryError } from '../archives/explain-registry-error.js';
import type { RackRegistry } from '../archives/rack-registry.js';
import { HttpError } from '../http/http-error.js';
import { watchUploadPace } from '../http/upload-pace.js';
import type { RegistryTarget } from './parse-registry-path.js';

const TOKEN_TTL_SECONDS = 300;
const SENT_ON = ['accept', 'content-type', 'content-length', 'content-range', 'range', 'if-none-match'] as const;

/** The rack's registry, as requests are sent on to it. */
export interface Upstream extends Pick<RackRegistry, 'login' | 'repositoryOf'> {
  readonly host: string;
  readonly isPlainHttp: boolean;
}

/** The rack's own credentials, good for no more than what was asked. The caller's never leave the api. */
async function authorizationFor(
  { repository, action, isEnd }: RegistryTarget & { isEnd: boolean },
  { tokenIssuer, login }: Pick<ApiParts, 'tokenIssuer'> & Pick<Upstream, 'login'>,
): Promise<string | undefined> {
  if (tokenIssuer === undefined) {
    const credentials = await login().catch((error: unknown) => {
      throw explainRegistryError(error);
    });
    if (credentials === undefined) return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
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

/** A blob is not taken over from another repository, which the caller may not read: it has to be sent. */
function withoutMount(search: string): string {
  const query = new URLSearchParams(search);
  if (!query.has('mount')) return search;
  query.delete('mount');
  query.delete('from');
  return `?${query.toString()}`;
}

/**
 * Sends a request on to the rack's registry, its body as it comes.
 *
 * @returns the answer, still to be read
 * @throws {HttpError} 502; 500, 503 when AWS does not let the rack in
 */
export async function askRegistry(
  ctx: ApiContext,
  target: RegistryTarget,
  { upstream, parts }: { upstream: Upstream; parts: ApiParts },
): Promise<IncomingMessage> {
  const { isPlainHttp, host, login } = upstream;
  const { repository } = upstream.repositoryOf(target.repository);
  const path = ctx.path.replace(`/v2/${target.repository}/`, `/v2/${repository}/`);
  const url = new URL(`${isPlainHttp ? 'http' : 'https'}://${host}${path}${withoutMount(ctx.search)}`);
  const asked = { ...target, repository, isEnd: ctx.method === 'DELETE' };
  const authorization = await authorizationFor(asked, { ...parts, login });
  const headers = headersFor(ctx.headers, authorization);
  const options = { method: ctx.method, headers, agent: false as const };
  const request = isPlainHttp ? requestPlain(url, options) : requestTls(url, options);
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
