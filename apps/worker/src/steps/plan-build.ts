import type { TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type AppManifest, type BuildPlan, type PlannedImage, planImages } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';

async function assertBuildable(image: PlannedImage, source: TarSource): Promise<void> {
  if (image.kind === 'copy') return;
  const service = image.services.join(', ');
  const folder = await source.stat(image.path);
  if (folder?.type !== 'directory') throw new BuildFailure('user', `service ${service}: no such folder: ${image.path}`);
  const file = image.path === '.' ? image.dockerfile : `${image.path}/${image.dockerfile}`;
  const dockerfile = await source.stat(file);
  if (dockerfile?.type !== 'file') throw new BuildFailure('user', `service ${service}: no such file: ${file}`);
}

/** Decides which images are built or copied for which services, and that what they need is in the source. */
export async function planBuild(attempt: Attempt, source: TarSource, manifest: AppManifest): Promise<BuildPlan> {
  const { build, environment, log } = attempt;
  const plan = planImages({
    manifest,
    environment,
    buildArgs: new Map(Object.entries(build.options.buildArgs)),
    isDevelopment: build.options.development,
  });
  for (const warning of plan.warnings) log.line(warning);
  for (const image of plan.images) await assertBuildable(image, source);
  return plan;
}
