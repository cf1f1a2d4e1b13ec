import type { ImagePins } from '@convox-builds/buildkit-client';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';

/** Opens what the base images of a build stand for: what this attempt resolves, and what earlier ones have. */
export async function openBasePins(
  { build }: Pick<Attempt, 'build'>,
  { store }: Pick<WorkerParts, 'store'>,
): Promise<ImagePins> {
  const known = await store.baseImages.list(build.id);
  const digests = new Map(known.map(({ reference, digest }) => [reference, digest]));
  return {
    find: async (reference) => digests.get(reference),
    pin: async (reference, digest) => {
      const pinned = await store.baseImages.pin(build.id, { reference, digest });
      digests.set(reference, pinned);
      return pinned;
    },
  };
}
