import { BuildFailure, parseImageReference } from '@convox-builds/domain';
import type { PlannedCopy } from '@convox-builds/manifest';
import {
  copyImage as copyBetweenRegistries,
  createRegistryClient,
  type DescribedImage,
  describeImage,
  RegistryError,
} from '@convox-builds/registry';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import type { FindLogin } from './registry-logins.js';

/** One image to copy. */
export interface ImageToCopy {
  readonly attempt: Attempt;
  readonly image: PlannedCopy;
  /** Who we are at other registries. */
  readonly findLogin: FindLogin;
  readonly signal: AbortSignal;
}

/** Copies an image from registry to registry, unchanged: same digest, all platforms. It never passes through BuildKit. */
export async function copyImage(
  { attempt, image, findLogin, signal }: ImageToCopy,
  parts: WorkerParts,
): Promise<DescribedImage> {
  const services = image.services.join(',');
  const { log, build } = attempt;
  log.line(`${services} copying ${image.image}`);
  const source = readReference(image.image, services);
  const refusal = await parts.registryGate.refuseImage(build.app, source);
  if (refusal !== undefined)
    throw new BuildFailure('user', `${services}: image "${image.image}" cannot be copied: ${refusal}`);
  // A client of its own: what one build was let in with is no other build's.
  const client = createRegistryClient({ access: parts.registryGate.accessForBuild(build.app, findLogin) });
  const target = parts.repositories.repositoryOf(build.app);
  try {
    const { digest } = await copyBetweenRegistries(client, { source, target, signal });
    log.line(`${services} copied ${digest}`);
    return await describeImage({ ...target, digest }, parts.registry, { signal });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const message = `${services}: image "${image.image}" cannot be copied: ${error.message}`;
    throw new RegistryError(error.code, message, { cause: error, status: error.status });
  }
}

function readReference(text: string, services: string) {
  try {
    return parseImageReference(text);
  } catch (error) {
    throw new BuildFailure('user', `${services}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
