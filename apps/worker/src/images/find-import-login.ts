import { parseImageReference, registryHostFromServer } from '@convox-builds/domain';
import { buildLoginPlace } from '@convox-builds/store';

import type { WorkerParts } from '../worker-parts.js';
import type { FindLogin, RegistryLogin } from './registry-logins.js';

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
  { store, settings }: Pick<WorkerParts, 'store' | 'settings'>,
): Promise<FindLogin> {
  const sealed = await store.builds.findLogin(buildId);
  if (sealed === undefined) return findOther;
  const own = JSON.parse(settings.secretBox.open(sealed, buildLoginPlace(buildId))) as RegistryLogin;
  const { registry } = parseImageReference(image);
  return async (host) => (registryHostFromServer(host) === registry ? own : findOther(host));
}
