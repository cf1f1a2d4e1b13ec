import { dockerfileAttrs, type StatusListener, solve } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type DescribedImage, describeImage } from '@convox-builds/registry';

import { createSolveLog } from '../build-log/solve-log.js';
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

/** Builds one image, pushes it by digest, and looks it up in the registry. Its steps and output go to the log. */
export async function buildImage(build: ImageToBuild, parts: WorkerParts): Promise<DescribedImage> {
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
  const countSteps = createStepCounter(parts.metrics);
  const vertexes = createVertexTracer(build.span);
  const starts = watchStepStarts();
  const foreign = watchForeignPrograms();
  const onStatus: StatusListener = async (status) => {
    log.add(status);
    countSteps(status);
    vertexes.add(status);
    starts.add(status);
    foreign.add(status);
    await attempt.log.ready();
  };
  try {
    const client = await parts.buildkitd.client();
    const [{ digest }] = await Promise.all([
      retryPush(() => solve(client, request, { session, signal, onStatus }).finally(vertexes.end), {
        services: prefix,
        signal,
        onRetry: attempt.log.line,
      }),
      warnOfUndeclaredArguments(build, stage, parts),
    ]);
    if (digest === undefined) throw new BuildFailure('platform', `${prefix}: the build daemon pushed no image`);
    log.end();
    attempt.log.line(`${prefix} pushed ${digest}`);
    const reference = { registry: parts.settings.registry.host, repository: attempt.build.app, digest };
    return await describeImage(reference, parts.registry);
  } catch (error) {
    log.end();
    const { platforms } = image;
    const limits = stepLimitsOf(attempt.app);
    const known = { services: prefix, log: attempt.log, starts, limits, foreign: { ...foreign, platforms } };
    throw explainSolveError(error, known);
  }
}
