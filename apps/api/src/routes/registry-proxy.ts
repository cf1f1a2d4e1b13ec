import type { IncomingMessage } from 'node:http';

import type { ApiContext, ApiRouter } from '../api-context.js';
import type { ApiParts } from '../api-parts.js';
import { answerJson } from '../http/answer.js';
import { HttpError } from '../http/http-error.js';
import { askRegistry, type Upstream } from '../registry-proxy/ask-registry.js';
import { authenticateAtRegistry, authoriseTarget, type WrittenImage } from '../registry-proxy/authorise-push.js';
import { parseRegistryPath } from '../registry-proxy/parse-registry-path.js';

const ANSWERED_ON = [
  'content-type',
  'content-length',
  'content-range',
  'range',
  'accept-ranges',
  'etag',
  'link',
  'docker-content-digest',
  'docker-upload-uuid',
  'oci-subject',
  'oci-filters-applied',
  'oci-chunk-min-length',
] as const;

/** Codes of the registry's protocol (OCI Distribution Specification 1.1, "Error Codes"). */
const ERROR_CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NAME_UNKNOWN',
  405: 'UNSUPPORTED',
};

function findUpstream({ settings, registry }: ApiParts): Upstream | undefined {
  return registry && { ...registry, ...settings.registry };
}

/** A place in the registry is one here, by the same path; others, such as a bucket's, are left to the client. */
function rewriteLocation(location: string, app: string, { host, isPlainHttp, repositoryOf }: Upstream): string {
  const url = new URL(location, `${isPlainHttp ? 'http' : 'https'}://${host}`);
  if (url.host !== host) return location;
  return `${url.pathname.replace(`/v2/${repositoryOf(app).repository}/`, `/v2/${app}/`)}${url.search}`;
}

function answerFrom(
  ctx: ApiContext,
  answer: IncomingMessage,
  { app, upstream }: { app: string; upstream: Upstream },
): void {
  ctx.status = answer.statusCode ?? 502;
  ctx.body = answer;
  ctx.remove('Content-Type');
  for (const name of ANSWERED_ON) {
    const value = answer.headers[name];
    if (value !== undefined) ctx.set(name, value);
  }
  const { location } = answer.headers;
  if (location !== undefined) ctx.set('Location', rewriteLocation(location, app, upstream));
  // The answer has begun: that the rest is missing can only be told by breaking off.
  answer.once('error', () => ctx.res.destroy());
  if (ctx.method === 'HEAD') answer.resume();
}

/** What an external build has pushed is on its record when the client hears that it was. */
async function recordImage({ build, service }: WrittenImage, ctx: ApiContext, { store }: ApiParts, digest: string) {
  const mediaType = ctx.get('Content-Type').split(';')[0]?.trim() ?? '';
  const size = Number(ctx.get('Content-Length')) || 0;
  await store.builds.recordExternalImage(build, { service, image: { digest, mediaType, size, platforms: [] } });
}

async function serve(ctx: ApiContext, upstream: Upstream, parts: ApiParts): Promise<void> {
  const caller = await authenticateAtRegistry(ctx, parts);
  if (/^\/v2\/?$/.test(ctx.path)) {
    answerJson(ctx, {});
    return;
  }
  const target = parseRegistryPath(ctx.method, ctx.path);
  if (target === undefined) throw new HttpError(405, 'the registry of the rack does not let this pass');
  const written = await authoriseTarget(target, caller, parts);
  const answer = await askRegistry(ctx, target, { upstream, parts });
  const { statusCode, headers } = answer;
  if (statusCode === 401 || statusCode === 403) {
    answer.resume();
    throw new HttpError(502, 'the registry of the rack refuses the rack: its credentials are wrong');
  }
  const digest = headers['docker-content-digest'];
  if (written !== undefined && statusCode === 201 && typeof digest === 'string') {
    await recordImage(written, ctx, parts, digest);
  }
  answerFrom(ctx, answer, { app: target.repository, upstream });
}

function answerError(ctx: ApiContext, { status, message }: HttpError): void {
  ctx.status = status;
  if (status === 401) ctx.set('WWW-Authenticate', 'Basic realm="convox"');
  answerJson(ctx, { errors: [{ code: ERROR_CODES[status] ?? 'UNKNOWN', message }] });
}

/**
 * The rack's registry under the address and the password of the rack: what clients of external builds push to, and whence
 * people pull. It knows its callers by itself, because the password of an external build opens nothing else.
 */
export function addRegistryProxyRoutes(router: ApiRouter, parts: ApiParts): void {
  const upstream = findUpstream(parts);
  if (upstream === undefined) return;
  const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];
  const answer = async (ctx: ApiContext) => {
    ctx.set('Docker-Distribution-Api-Version', 'registry/2.0');
    try {
      await serve(ctx, upstream, parts);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      answerError(ctx, error);
    }
  };
  router.get(['/v2', '/v2/'], answer);
  router.register('/v2/*path', methods, answer);
}
