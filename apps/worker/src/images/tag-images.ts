import { type FetchedManifest, RegistryError, tagImages as writeTags } from '@convox-builds/registry';
import type { BuildRecord } from '@convox-builds/store';

import type { WorkerParts } from '../worker-parts.js';

/** The build is complete and keeps its slot meanwhile; a worker that stops has about twice as long. */
const TAG_WITHIN_MS = 10_000;

type Parts = Pick<WorkerParts, 'registry' | 'repositories' | 'store' | 'logger'>;

/** What is known of the images, and when to give up. */
export interface TaggingOptions {
  /** By digest, those that are known; the others are asked for. */
  readonly manifests?: ReadonlyMap<string, FetchedManifest>;
  /** By default it gives up after ten seconds only. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the tags of a complete build from its record. The release pins the digests: a tag that cannot be written is an
 * inconvenience, and no reason to take the release back, or to wait for long. It is written later.
 */
export async function tagImages(
  build: Pick<BuildRecord, 'id' | 'app' | 'images'>,
  parts: Parts,
  { manifests, signal: stopping }: TaggingOptions = {},
): Promise<void> {
  const { registry, repositories, store, logger } = parts;
  const timeout = AbortSignal.timeout(TAG_WITHIN_MS);
  const signal = stopping === undefined ? timeout : AbortSignal.any([stopping, timeout]);
  try {
    await writeTags(registry, repositories.repositoryOf(build.app), { ...build, manifests }, { signal });
  } catch (error) {
    logger.warn({ err: error, buildId: build.id }, 'Cannot tag images');
    // Somebody has deleted it: nothing is left to tag.
    if (!(error instanceof RegistryError) || error.code !== 'not-found') return;
  }
  await store.builds.markTagged(build.id);
}
