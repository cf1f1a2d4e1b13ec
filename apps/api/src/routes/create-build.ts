import { createHash } from 'node:crypto';

import type { createBuildSchema } from '@convox-builds/api-contract';
import { parseObjectUrl } from '@convox-builds/domain';
import type { BuildRecord, NewBuild } from '@convox-builds/store';
import type { z } from 'zod';

import type { ApiParts } from '../api-parts.js';
import { HttpError, notFound } from '../http/http-error.js';

type CreateBuild = z.output<typeof createBuildSchema>;

const GIT_URL = /^(?:https?|ssh|git):\/\/|^[^/]+@[^/]+:|\.git(?:#|$)/;

/** The source has to be an object of this very app: one app's builds must not read another's. */
async function assertSource({ objects }: ApiParts, app: string, url: string): Promise<void> {
  if (url === '') throw new HttpError(400, 'url is required: upload the source and give its object:// address');
  if (GIT_URL.test(url)) throw new HttpError(400, 'building from a git URL is not supported yet');
  const source = parseObjectUrl(url);
  if (source.app !== app) throw new HttpError(400, `url must be an object of app ${app}`);
  if ((await objects.find(`${app}/${source.key}`)) === undefined) throw notFound('object', source.key);
}

/** What a request for a build says. */
interface BuildRequest {
  readonly input: CreateBuild;
  /** What the client calls its request: a repeated one is the same build. */
  readonly key: string | undefined;
  /** The span of the request. */
  readonly traceparent: string;
}

/**
 * Records a build of an uploaded source, or one that somebody else will build, and cancels what it supersedes.
 *
 * @throws {HttpError} 400, 404: the source is no object of this app; 422: the key was used for another request
 */
export async function createBuild(
  parts: ApiParts,
  app: string,
  { input, key, traceparent }: BuildRequest,
): Promise<BuildRecord> {
  if (!input.external) await assertSource(parts, app, input.url);
  const build = await recordBuild(parts, { ...newBuild(app, input), traceparent }, { input, key });
  // Also when the request is repeated: whoever answered it before may not have come this far.
  const superseded = input.supersede ? await parts.store.builds.supersede(build) : [];
  for (const id of superseded) parts.logHub.wake(id);
  return build;
}

async function recordBuild(
  { store }: ApiParts,
  build: NewBuild,
  { input, key }: Pick<BuildRequest, 'input' | 'key'>,
): Promise<BuildRecord> {
  if (key === undefined) return store.builds.create(build);
  const hash = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  const recorded = await store.builds.createOnce(build, { key, hash });
  if (recorded === undefined) throw new HttpError(422, 'Idempotency-Key was used for another request: use a new one');
  return recorded;
}

function newBuild(app: string, input: CreateBuild): NewBuild {
  return {
    app,
    lane: input.lane,
    source: input.external ? '' : input.url,
    description: input.description,
    gitSha: input['git-sha'],
    gitBranch: input['git-branch'],
    options: {
      manifest: input.manifest,
      buildArgs: input.buildArgs,
      noCache: input['no-cache'],
      development: input.development,
      external: input.external,
      wildcardDomain: input['wildcard-domain'],
    },
  };
}
