import type { TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type AppManifest, type BuildPlan, type PlannedImage, planImages } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';

function assertBuildable(image: PlannedImage, source: TarSource): void {
  if (image.kind === 'copy') return;
  const service = image.services.join(', ');
  const reserved = Object.keys(image.args).find((name) => name.startsWith('BUILDKIT_'));
  if (reserved !== undefined)
    throw new BuildFailure('user', `service ${service}: build argument ${reserved}: names with BUILDKIT_ are reserved`);
  const folder = source.stat(image.path);
  if (folder?.type !== 'folder') throw new BuildFailure('user', `service ${service}: no such folder: ${image.path}`);
  const file = image.path === '.' ? image.dockerfile : `${image.path}/${image.dockerfile}`;
  const dockerfile = source.stat(file);
  if (dockerfile?.type !== 'file') throw new BuildFailure('user', `service ${service}: no such file: ${file}`);
}

/** Decides which images are built or copied for which services, and that what they need is in the source. */
export function planBuild(attempt: Attempt, source: TarSource, manifest: AppManifest): BuildPlan {
  const { build, environment } = attempt;
  const plan = planImages({ manifest, environment, buildArgs: build.options.buildArgs });
  for (const image of plan.images) assertBuildable(image, source);
  return plan;
}
