import type { TypedAttrs } from '@convox-builds/buildkit-client';
import { CACHE_MODES, type CacheMode, formatImageReference, serviceCacheTag } from '@convox-builds/domain';
import type { PlannedBuild } from '@convox-builds/manifest';
import type { CachePlace } from '@convox-builds/store';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

type Parts = Pick<WorkerParts, 'settings' | 'repositories'>;

/** The cache is of the first service of an image, whose name its tag has. */
export const cachedService = ({ services }: Pick<PlannedBuild, 'services'>) => services[0] ?? '';

/** The place of an image's cache. */
export function cachePlaceOf({ app }: Pick<Attempt, 'app'>, image: Pick<PlannedBuild, 'services'>): CachePlace {
  return { app: app.name, sourceKey: app.sourceKey, service: cachedService(image) };
}

/** Whether an app's layers are kept in the registry: as its parameter `Cache` says, else as the rack does. */
export function cacheModeOf({ app }: Pick<Attempt, 'app'>, { settings }: Pick<Parts, 'settings'>): CacheMode {
  return CACHE_MODES.find((mode) => mode === app.parameters['Cache']) ?? settings.layerCache.mode;
}

/**
 * Where the layers of a service are read from: by digest, so that nobody who may write a tag decides what is in a build.
 */
export function cacheImport(
  { app }: Pick<Attempt, 'app'>,
  digest: string,
  { repositories }: Pick<Parts, 'repositories'>,
): TypedAttrs {
  return { type: 'registry', attrs: { ref: formatImageReference({ ...repositories.repositoryOf(app.name), digest }) } };
}

/**
 * Where they are written to: beside the images, whose layers are then there already. Registries know what is stored for an
 * image, and not every one takes a bare list of layers: hence `image-manifest` (moby/buildkit README, "Registry").
 */
export function cacheExport(
  { app }: Pick<Attempt, 'app'>,
  service: string,
  { settings, repositories }: Parts,
): TypedAttrs {
  const { compression } = settings.layerCache;
  return {
    type: 'registry',
    attrs: {
      ref: formatImageReference({ ...repositories.repositoryOf(app.name), tag: serviceCacheTag(service) }),
      mode: 'max',
      'image-manifest': 'true',
      'oci-mediatypes': 'true',
      compression,
    },
  };
}
