import { prune } from '@convox-builds/buildkit-client';

import type { WorkerParts } from './worker-parts.js';

/** So that the next build does not fill the disk at once. */
const FREE_TIMES = 2;
const AGAIN_AFTER_MS = 30_000;

/** Makes room on a worker's disk. */
export interface DiskCleaner {
  /** Deletes what the cache has not used for longest, in the background; one call at a time, and not all the time. */
  readonly clean: () => void;
  /** Deletes nothing any more. */
  readonly stop: () => Promise<void>;
}

/**
 * BuildKit cleans after solves, and by a size that it was told once. A disk that others fill, or that is full without a
 * solve to end, has to be cleaned by whoever sees it. What running solves use stays.
 */
export function createDiskCleaner({
  settings,
  buildkitd,
  logger,
  metrics,
  warmImages,
}: Pick<WorkerParts, 'buildkitd' | 'logger' | 'metrics' | 'warmImages'> & {
  settings: Pick<WorkerParts['settings'], 'minFreeDiskBytes'>;
}): DiskCleaner {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> | undefined;
  let cleanedAt = Number.NEGATIVE_INFINITY;

  async function run(): Promise<void> {
    let freedBytes = 0;
    try {
      const minFreeBytes = FREE_TIMES * settings.minFreeDiskBytes;
      const client = await buildkitd.client(signal);
      for await (const { sizeBytes } of prune(client, { minFreeBytes, signal })) freedBytes += sizeBytes;
      if (freedBytes > 0) await warmImages.forget();
      logger.warn({ freedBytes }, 'Cleaned the disk');
      metrics.cleanedBytes.inc(freedBytes);
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'Cannot clean the disk');
    }
    cleanedAt = performance.now();
    running = undefined;
  }

  return {
    clean: () => {
      if (performance.now() - cleanedAt > AGAIN_AFTER_MS) running ??= run();
    },
    stop: async () => {
      stopping.abort(new Error('the worker stops'));
      await running;
    },
  };
}
