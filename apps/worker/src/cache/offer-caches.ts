import type { WorkerParts } from '../worker-parts.js';
import type { CacheableBuild } from './cacheable-build.js';
import { finishCaches } from './finish-caches.js';

/**
 * Hands over a complete build, that its layers may go to the registry when it is its turn. Its source is closed when nobody
 * needs it any more.
 *
 * @returns `false` when it was not taken: the source is still the caller's
 */
export function offerCaches(build: CacheableBuild, parts: WorkerParts): boolean {
  if (build.images.length === 0) return false;
  return parts.exportSlot.offer(async (signal) => {
    try {
      if (!signal.aborted) await finishCaches(build, signal, parts);
    } catch (error) {
      build.attempt.logger.warn({ err: error }, 'Cannot record the layer cache');
    }
    await build.source.close().catch((error: unknown) => {
      build.attempt.logger.warn({ err: error }, 'Cannot close the source');
    });
  });
}
