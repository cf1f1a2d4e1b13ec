import type { WorkerParts } from '../worker-parts.js';
import type { CacheableBuild } from './cacheable-build.js';
import { finishCaches } from './finish-caches.js';

/** Builds that may wait for their export; of more than that, what is in the registry stays older. */
const MAX_WAITING = 16;

/** Writes layer caches to the registry after builds have ended, in a slot of its own: one build at a time. */
export interface CacheExporter {
  /**
   * Takes over a complete build with its source, which is closed when nobody needs it any more.
   *
   * @returns `false` when it takes nothing: the source is still the caller's
   */
  readonly offer: (build: CacheableBuild, parts: WorkerParts) => boolean;
  /** Gives up what runs and what waits. */
  readonly stop: () => Promise<void>;
}

/** Creates the exporter of a worker. */
export function createCacheExporter(): CacheExporter {
  const stopping = new AbortController();
  let waiting = 0;
  let last = Promise.resolve();

  async function run(build: CacheableBuild, parts: WorkerParts): Promise<void> {
    try {
      if (!stopping.signal.aborted) await finishCaches(build, stopping.signal, parts);
    } catch (error) {
      build.attempt.logger.warn({ err: error }, 'Cannot record the layer cache');
    } finally {
      waiting--;
      await build.source.close();
    }
  }

  return {
    offer: (build, parts) => {
      if (stopping.signal.aborted || waiting >= MAX_WAITING || build.images.length === 0) return false;
      waiting++;
      last = last.then(() => run(build, parts)).catch(() => {});
      return true;
    },
    stop: async () => {
      stopping.abort(new Error('the worker stops'));
      await last;
    },
  };
}
