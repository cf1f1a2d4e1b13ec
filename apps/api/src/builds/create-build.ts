import { createHash } from 'node:crypto';

import type { createBuildSchema } from '@convox-builds/api-contract';
import type { BuildRecord, NewBuild } from '@convox-builds/store';
import type { z } from 'zod';

import type { ApiParts } from '../api-parts.js';
import { prepareRepository } from '../archives/rack-registry.js';
import { HttpError } from '../http/http-error.js';
import { type BuildSource, readSource } from './read-source.js';

type CreateBuild = z.output<typeof createBuildSchema>;

/** What a request for a build says. */
interface BuildRequest {
  readonly input: CreateBuild;
  /** What the client calls its request: a repeated one is the same build. */
  readonly key: string | undefined;
  /** The span of the request. */
  readonly traceparent: string;
  /** The job of a workflow that the build is for. */
  readonly workflowJobId?: string;
}

/**
 * Records a build of a source, or one that somebody else will build, and cancels what it supersedes.
 *
 * @throws {HttpError} 400, 404: the source is neither an object of this app nor in git; 422: the key was used for another request;
 * 500, 503: the registry has no place for the images of an external build
 */
export async function createBuild(
  parts: ApiParts,
  app: string,
  { input, key, traceparent, workflowJobId }: BuildRequest,
): Promise<BuildRecord> {
  const asked = { url: input.url, commit: input['git-sha'] };
  const source = input.external ? { source: '' } : await readSource(parts, app, asked);
  if (input.external) await prepareRepository(parts, app);
  const wanted = { ...newBuild(app, input, source), traceparent };
  const build = await recordBuild(parts, workflowJobId === undefined ? wanted : { ...wanted, workflowJobId }, {
    input,
    key,
  });
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
  // With the address as it is stored: also the hash of a secret could be tried out.
  const asked = { ...input, url: build.source };
  const hash = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const recorded = await store.builds.createOnce(build, { key, hash });
  if (recorded === undefined) throw new HttpError(422, 'Idempotency-Key was used for another request: use a new one');
  return recorded;
}

function newBuild(app: string, input: CreateBuild, source: BuildSource): NewBuild {
  return {
    ...source,
    app,
    lane: input.lane,
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
      submodules: input.submodules,
    },
  };
}
