import { posix } from 'node:path';

import type { TarSource } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { type AppManifest, type BuildPlan, type PlannedBuild, planImages } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import { describeStepLimits, stepLimitsOf } from '../images/step-limits.js';

/** What is wrong with an image before anything is built, with its place in the manifest. */
function findFault({ services, path, dockerfile, args, places }: PlannedBuild, source: TarSource): string | undefined {
  const subject = `service ${services[0] ?? ''}:`;
  const reserved = Object.keys(args).find((name) => name.startsWith('BUILDKIT_'));
  if (reserved !== undefined) {
    const place = places.args[reserved];
    const where = place === undefined ? '' : `${place}: `;
    return `${where}${subject} build argument ${reserved}: names with BUILDKIT_ are reserved`;
  }
  const folder = source.stat(path);
  if (folder?.type === 'outside') return `${places.path}: ${subject} build path ${path} is outside the source`;
  if (folder === undefined) return `${places.path}: ${subject} no such file: ${path}`;
  if (folder.type !== 'folder') return `${places.path}: ${subject} build path ${path} is not a folder`;
  const file = posix.join(path, dockerfile);
  const type = source.stat(file)?.type;
  if (type === 'outside') return `${places.manifest}: ${subject} build path ${file} is outside the source`;
  return type === 'file' ? undefined : `${places.manifest}: ${subject} no such file: ${file}`;
}

/** A Dockerfile that a link takes from beside its context is named by where it really is: the context ends at its folder. */
function withoutLinks(image: PlannedBuild, source: TarSource): PlannedBuild {
  const folder = source.stat(image.path)?.path ?? image.path;
  const file = source.stat(posix.join(image.path, image.dockerfile))?.path;
  const dockerfile = file === undefined ? image.dockerfile : posix.relative(folder, file);
  return dockerfile.startsWith('../') ? { ...image, path: folder, dockerfile } : image;
}

/** Platforms that the app is built for where its manifest does not say: `arm64`, or `linux/amd64,linux/arm64`. */
function platformsOf({ app }: Attempt): string[] {
  const words = (app.parameters['BuildArch'] ?? '').split(',').map((word) => word.trim());
  return words.filter((word) => word !== '').map((word) => (word.includes('/') ? word : `linux/${word}`));
}

function warnOfSecrets({ services, secrets, places }: PlannedBuild, { environment, log }: Attempt): void {
  for (const name of secrets.filter((secret) => !environment.has(secret)))
    log.line(`warning: ${places.secrets}: service ${services[0]}: secret ${name} is not set in the app's environment`);
}

/**
 * Decides which images are built or copied for which services, and that what they need is in the source.
 *
 * @throws {BuildFailure} that names all that is not
 */
export function planBuild(attempt: Attempt, source: TarSource, manifest: AppManifest): BuildPlan {
  const { build, environment, log } = attempt;
  const platforms = platformsOf(attempt);
  const plan = planImages({ manifest, environment, buildArgs: build.options.buildArgs, platforms });
  const builds = plan.images.flatMap((image) => (image.kind === 'build' ? [image] : []));
  const faults = builds.flatMap((image) => findFault(image, source) ?? []);
  if (faults.length > 0) throw new BuildFailure('user', faults.join('\n'));
  for (const image of builds) warnOfSecrets(image, attempt);
  const limits = describeStepLimits(stepLimitsOf(attempt.app));
  if (limits !== undefined && builds.length > 0) log.line(limits);
  return { images: plan.images.map((image) => (image.kind === 'build' ? withoutLinks(image, source) : image)) };
}
