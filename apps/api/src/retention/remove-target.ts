import { parseObjectUrl } from '@convox-builds/domain';
import type { ObjectStorage, Removal } from '@convox-builds/store';

import type { RackRegistry } from '../archives/rack-registry.js';

/** As long as the removal of an image lasts, builds of the app wait with their end. */
const REMOVE_WITHIN_MS = 5000;

/**
 * Removes what a deleted build or app had; what is gone already is no error.
 *
 * @throws {Error} when it cannot be removed now
 */
export async function removeTarget(
  { app, kind, target }: Removal,
  { objects, registry }: { objects: ObjectStorage; registry: RackRegistry | undefined },
): Promise<void> {
  const signal = AbortSignal.timeout(REMOVE_WITHIN_MS);
  if (kind === 'object') {
    const object = parseObjectUrl(target);
    if (object.app === app) await objects.delete(`${app}/${object.key}`, { signal });
    return;
  }
  if (kind === 'repository') {
    await registry?.removeRepository(app, { signal });
    return;
  }
  if (registry === undefined) throw new Error('the api has no access to the registry of this rack');
  await registry.client.deleteManifest(registry.repositoryOf(app), target, { signal });
}
