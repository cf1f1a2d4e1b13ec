import { dockerfileAttrs, type StatusListener, solve, type TypedAttrs } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type DescribedImage, describeImage } from '@convox-builds/registry';

import { createSolveLog } from '../build-log/solve-log.js';
import type { CacheableImage } from '../cache/cacheable-build.js';
import { openImageCache } from '../cache/open-image-cache.js';
import { createVertexTracer } from '../tracing/trace-vertexes.js';
import type { WorkerParts } from '../worker-parts.js';
import { createStepCounter } from './create-step-counter.js';
import { explainSolveError } from './explain-solve-error.js';
import type { ImageToBuild } from './image-to-build.js';
import { labelsOf } from './labels-of.js';
import { locateDockerfile } from './locate-dockerfile.js';
import { deriveKey } from './open-build-sessions.js';
import { retryPush } from './retry-push.js';
import { type Stage, settleStage } from './settle-stage.js';
import { stepLimitsOf } from './step-limits.js';
import { warnOfUndeclaredArguments } from './warn-of-undeclared-arguments.js';
import { watchForeignPrograms } from './watch-foreign-programs.js';
import { watchStepStarts } from './watch-step-starts.js';

function frontendAttrs({ attempt, image }: ImageToBuild, stage: Stage): Record<string, string> {
  return dockerfileAttrs({
    filename: locateDockerfile(image).filename,
    target: stage.target,
    buildArgs: stage.args,
    labels: labelsOf(attempt.app),
    platforms: image.platforms,
    isNoCache: attempt.build.options.noCache,
    stepLimits: stepLimitsOf(attempt.app),
    // Cache mounts are shared by id across all builds of a daemon unless they have a namespace.
    cacheMountNamespace: deriveKey(attempt.app.sourceKey, 'cache mounts'),
  });
}

/** An image that was built. */
export interface BuiltImage {
  readonly described: DescribedImage;
  readonly cacheable: CacheableImage;
}

/** Builds one image, pushes it by digest, and looks it up in the registry. Its steps and output go to the log. */
export async function buildImage(build: ImageToBuild, parts: WorkerParts): Promise<BuiltImage> {
  const { attempt, image, session, signal } = build;
  const prefix = image.services.join(',');
  const repository = `${parts.settings.registry.host}/${attempt.build.app}`;
  const log = createSolveLog(prefix, attempt.log);
  const stage = await settleStage(build, parts);
  const request = {
    frontendAttrs: frontendAttrs(build, stage),
    exporters: [
      { type: 'image', attrs: { name: repository, push: 'true', 'push-by-digest': 'true', 'oci-mediatypes': 'true' } },
    ],
  };
  const cache = await openImageCache(build, parts);
  const countSteps = createStepCounter(parts.metrics);
  const vertexes = createVertexTracer(build.span);
  const starts = watchStepStarts();
  const foreign = watchForeignPrograms();
  const onStatus: StatusListener = async (status) => {
    log.add(status);
    cache.add(status);
    countSteps(status);
    vertexes.add(status);
    starts.add(status);
    foreign.add(status);
    await attempt.log.ready();
  };
  try {
    const client = await parts.buildkitd.client();
    const solveOnce = (cacheImports: readonly TypedAttrs[]) =>
      solve(client, { ...request, cacheImports }, { session, signal, onStatus }).finally(vertexes.end);
    const [{ digest }] = await Promise.all([
      retryPush(() => cache.solveWith(solveOnce), {
        services: prefix,
        signal,
        onRetry: attempt.log.line,
      }),
      warnOfUndeclaredArguments(build, stage, parts),
    ]);
    if (digest === undefined) throw new BuildFailure('platform', `${prefix}: the build daemon pushed no image`);
    log.end();
    const built = await cache.finish();
    attempt.log.line(`${prefix} pushed ${digest}`);
    const reference = { registry: parts.settings.registry.host, repository: attempt.build.app, digest };
    const described = await describeImage(reference, parts.registry);
    return { described, cacheable: { image, frontendAttrs: request.frontendAttrs, built } };
  } catch (error) {
    log.end();
    const { platforms } = image;
    const limits = stepLimitsOf(attempt.app);
    const known = { services: prefix, log: attempt.log, starts, limits, foreign: { ...foreign, platforms } };
    throw explainSolveError(error, known);
  }
}
