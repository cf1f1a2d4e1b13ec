import { type StatusListener, solve, type TypedAttrs } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type DescribedImage, describeImage } from '@convox-builds/registry';

import { createSolveLog } from '../build-log/solve-log.js';
import type { CacheableImage } from '../cache/cacheable-build.js';
import { openImageCache } from '../cache/open-image-cache.js';
import { createVertexTracer } from '../tracing/trace-vertexes.js';
import type { WorkerParts } from '../worker-parts.js';
import { createStepCounter } from './create-step-counter.js';
import { explainSolveError } from './explain-solve-error.js';
import { imageRequest } from './image-request.js';
import type { ImageToBuild } from './image-to-build.js';
import { retryPush } from './retry-push.js';
import { settleStage } from './settle-stage.js';
import { stepLimitsOf } from './step-limits.js';
import { warnOfUndeclaredArguments } from './warn-of-undeclared-arguments.js';
import { watchForeignPrograms } from './watch-foreign-programs.js';
import { watchStepStarts } from './watch-step-starts.js';

/** An image that was built. */
export interface BuiltImage {
  readonly described: DescribedImage;
  readonly cacheable: CacheableImage;
}

/** Builds one image, pushes it by digest, and looks it up in the registry. Its steps and output go to the log. */
export async function buildImage(build: ImageToBuild, parts: WorkerParts): Promise<BuiltImage> {
  const { attempt, image, sessions, signal } = build;
  const prefix = image.services.join(',');
  const repository = parts.repositories.repositoryOf(attempt.build.app);
  const log = createSolveLog(prefix, attempt.log);
  const stage = await settleStage(build, parts);
  const request = imageRequest(build, stage, parts);
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
    const client = await parts.buildkitd.client(signal);
    const solveOnce = (cacheImports: readonly TypedAttrs[]) =>
      solve(client, { ...request, cacheImports }, { session: sessions.of(image), signal, onStatus }).finally(
        vertexes.end,
      );
    const [{ digest }] = await Promise.all([
      retryPush(() => cache.solveWith(solveOnce), {
        services: prefix,
        signal,
        onRetry: attempt.log.line,
        onRefused: () => sessions.renew(image),
      }),
      warnOfUndeclaredArguments(build, stage, parts),
    ]);
    if (digest === undefined) throw new BuildFailure('platform', `${prefix}: the build daemon pushed no image`);
    log.end();
    const built = await cache.finish();
    attempt.log.line(`${prefix} pushed ${digest}`);
    const described = await describeImage({ ...repository, digest }, parts.registry, { signal });
    return { described, cacheable: { image, frontendAttrs: request.frontendAttrs, built } };
  } catch (error) {
    log.end();
    const { platforms } = image;
    const limits = stepLimitsOf(attempt.app);
    const known = { services: prefix, log: attempt.log, starts, limits, foreign: { ...foreign, platforms } };
    throw explainSolveError(error, known);
  }
}
