import type { AppManifest } from '@convox-builds/manifest';
import type { DescribedImage } from '@convox-builds/registry';

import type { Attempt } from '../attempt.js';
import { copyImage } from '../images/copy-image.js';
import { createBuildLoginFinder } from '../images/create-build-login-finder.js';
import { findImportLogin } from '../images/find-import-login.js';
import { prepareRepository } from '../images/prepare-repository.js';
import { waitOutPullLimit } from '../images/wait-out-pull-limit.js';
import type { WorkerParts } from '../worker-parts.js';

/** What this step is given. */
export interface ImageToImport {
  readonly attempt: Attempt;
  readonly manifest: AppManifest;
  /** Its reference. */
  readonly image: string;
}

/**
 * Copies the image that a build is made of.
 *
 * @returns it, for every service: what `image` and `build` of the manifest say does not count
 */
export async function copySourceImage(
  { attempt, manifest, image }: ImageToImport,
  parts: WorkerParts,
): Promise<ReadonlyMap<string, DescribedImage>> {
  const services = Object.keys(manifest.services);
  const findOther = createBuildLoginFinder({ attempt, manifest }, parts);
  const findLogin = findImportLogin({ login: await attempt.login, image, findOther });
  const { signal } = attempt;
  await prepareRepository(attempt, parts);
  const copy = () => copyImage({ attempt, image: { kind: 'copy', services, image }, findLogin, signal }, parts);
  const copied = await waitOutPullLimit(copy, { services, attempt, signal }, parts);
  return new Map(services.map((service) => [service, copied]));
}
