import { parseImageReference, registryHostFromServer } from '@convox-builds/domain';

import { findBuildLogin } from '../find-build-login.js';
import type { WorkerParts } from '../worker-parts.js';
import type { FindLogin } from './registry-logins.js';

/** An image that is imported, and who we are at its registry when nobody said so. */
interface ImportedImage {
  readonly buildId: string;
  /** Its reference. */
  readonly image: string;
  readonly findOther: FindLogin;
}

/** Finds who a build is that imports an image: at the image's registry, and there only, who its client said. */
export async function findImportLogin(
  { buildId, image, findOther }: ImportedImage,
  parts: Pick<WorkerParts, 'store' | 'settings'>,
): Promise<FindLogin> {
  const own = await findBuildLogin(buildId, parts);
  if (own === undefined) return findOther;
  const { registry } = parseImageReference(image);
  return async (host) => (registryHostFromServer(host) === registry ? own : findOther(host));
}
