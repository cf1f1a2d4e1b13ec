import { dockerfileAttrs, type SolveRequest } from '@convox-builds/buildkit-client';
import { formatImageReference } from '@convox-builds/domain';

import type { WorkerParts } from '../worker-parts.js';
import { attestationsOf } from './attestations-of.js';
import type { ImageToBuild } from './image-to-build.js';
import { labelsOf } from './labels-of.js';
import { locateDockerfile } from './locate-dockerfile.js';
import { deriveKey } from './open-build-sessions.js';
import { originLabels, vcsOf } from './origin-labels.js';
import { reproducibleTimeOf } from './reproducible-time-of.js';
import type { Stage } from './settle-stage.js';
import { stepLimitsOf } from './step-limits.js';

/** The solve that makes an image and pushes it by digest. */
export function imageRequest(
  { attempt, image, origin }: ImageToBuild,
  stage: Stage,
  { settings, repositories }: Pick<WorkerParts, 'settings' | 'repositories'>,
): Pick<SolveRequest, 'frontendAttrs' | 'exporters'> {
  const { app, build } = attempt;
  const name = formatImageReference(repositories.repositoryOf(app.name));
  const time = reproducibleTimeOf(app, stage.args);
  const push = { push: 'true', 'push-by-digest': 'true', 'oci-mediatypes': 'true' };
  const files = { 'rewrite-timestamp': String(time !== undefined) };
  return {
    frontendAttrs: dockerfileAttrs({
      filename: locateDockerfile(image).filename,
      target: stage.target,
      buildArgs: stage.args,
      time,
      labels: { ...originLabels(origin, { time }), ...labelsOf(app) },
      platforms: image.platforms,
      isNoCache: build.options.noCache,
      stepLimits: stepLimitsOf(app),
      attestations: attestationsOf(app, settings),
      vcs: vcsOf(origin),
      // Cache mounts are shared by id across all builds of a daemon unless they have a namespace.
      cacheMountNamespace: deriveKey(app.sourceKey, 'cache mounts'),
      // So are layers of equal steps, whatever secrets the steps were given.
      stepScope: `build-${deriveKey(app.sourceKey, 'steps').slice(0, 16)}`,
    }),
    exporters: [{ type: 'image', attrs: { name, ...push, ...files } }],
  };
}
