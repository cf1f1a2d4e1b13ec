import { type FetchedManifest, RegistryError, tagImages as writeTags } from '@convox-builds/registry';
import type { BuildRecord } from '@convox-builds/store';

import type { WorkerParts } from '../worker-parts.js';

type Parts = Pick<WorkerParts, 'registry' | 'repositories' | 'store' | 'logger'>;

/**
 * Writes the tags of a complete build from its record. The release pins the digests: a tag that cannot be written is an
 * inconvenience, and no reason to take the release back. It is written later.
 *
 * @param manifests by digest, those that are known; the others are asked for
 */
export async function tagImages(
  build: Pick<BuildRecord, 'id' | 'app' | 'images'>,
  parts: Parts,
  manifests: ReadonlyMap<string, FetchedManifest> = new Map(),
): Promise<void> {
  const { registry, repositories, store, logger } = parts;
  try {
    await writeTags(registry, repositories.repositoryOf(build.app), { ...build, manifests });
  } catch (error) {
    logger.warn({ err: error, buildId: build.id }, 'Cannot tag images');
    // Somebody has deleted it: nothing is left to tag.
    if (!(error instanceof RegistryError) || error.code !== 'not-found') return;
  }
  await store.builds.markTagged(build.id);
}
