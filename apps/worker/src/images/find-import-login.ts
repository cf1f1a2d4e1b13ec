import { parseImageReference, registryHostFromServer } from '@convox-builds/domain';

import type { BuildLogin } from '../find-build-login.js';
import type { FindLogin } from './registry-logins.js';

/** An image that is imported, and who we are at its registry when nobody said so. */
interface ImportedImage {
  readonly login: BuildLogin | undefined;
  /** Its reference. */
  readonly image: string;
  readonly findOther: FindLogin;
}

/** Finds who a build is that imports an image: at the image's registry, and there only, who its client said. */
export function findImportLogin({ login: own, image, findOther }: ImportedImage): FindLogin {
  if (own === undefined) return findOther;
  const { registry } = parseImageReference(image);
  return async (host) => (registryHostFromServer(host) === registry ? own : findOther(host));
}
