import { chooseCacheExport } from '@convox-builds/domain';
import type { BuildCacheRecord, CachePlace, LayerCache } from '@convox-builds/store';

import type { WorkerParts } from '../worker-parts.js';
import { cacheModeOf, cachePlaceOf } from './cache-place.js';
import type { CacheableBuild, CacheableImage } from './cacheable-build.js';
import { writeCache } from './write-cache.js';

/** What stands in the record of a build stays short. */
const MAX_REASON = 500;

/** Counts an image and decides on its export; `undefined` when the app is gone, or its cache was reset. */
async function decide(
  { attempt }: CacheableBuild,
  { image, built, workers }: CacheableImage & { workers: number },
  parts: WorkerParts,
) {
  const place = cachePlaceOf(attempt, image);
  const cache = await parts.store.layerCaches.addBuild(place, built);
  if (cache === undefined) return undefined;
  const decision = chooseCacheExport({
    mode: cacheModeOf(attempt, parts),
    isNoCache: attempt.build.options.noCache,
    unexportedMs: cache.unexportedMs,
    lastExportMs: cache.digest === '' ? undefined : cache.exportMs,
    builds: cache.builds,
    coldBuilds: cache.coldBuilds,
    workers,
  });
  return { place, cache, decision };
}

async function exportImage(
  build: CacheableBuild,
  { of, place, cache, signal }: { of: CacheableImage; place: CachePlace; cache: LayerCache; signal: AbortSignal },
  parts: WorkerParts,
): Promise<Pick<BuildCacheRecord, 'export' | 'exportMs' | 'exportBytes'> & { reason?: string }> {
  const startedAt = performance.now();
  const took = () => performance.now() - startedAt;
  const { attempt } = build;
  try {
    const { digest, bytes } = await writeCache(build, { of, signal }, parts);
    const exported = { digest, bytes, exportMs: took() };
    await parts.store.layerCaches.replace(place, exported, { exportedWorkMs: cache.unexportedMs });
    return { export: 'done', exportMs: exported.exportMs, exportBytes: bytes };
  } catch (error) {
    attempt.logger.warn({ err: error }, 'Cannot export the layer cache');
    const reason = attempt.log.mask(error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON);
    return { export: 'failed', reason, exportMs: took(), exportBytes: 0 };
  }
}

/** Decides for each image of a complete build whether its layers go to the registry, sends them, and records all of that. */
export async function finishCaches(build: CacheableBuild, signal: AbortSignal, parts: WorkerParts): Promise<void> {
  const { store, metrics } = parts;
  const buildId = build.attempt.build.id;
  const workers = await store.workers.count();
  for (const of of build.images) {
    const decided = await decide(build, { ...of, workers }, parts);
    if (decided === undefined) return;
    const { place, cache, decision } = decided;
    const { localSteps, registrySteps, builtSteps, importMs } = of.built;
    const record: BuildCacheRecord = {
      ...{ service: place.service, localSteps, registrySteps, builtSteps, importMs },
      export: decision.isExported ? 'waiting' : 'skipped',
      ...{ reason: decision.reason, exportMs: 0, exportBytes: 0 },
    };
    await store.layerCaches.record(buildId, record);
    const end = decision.isExported
      ? { ...record, ...(await exportImage(build, { of, place, cache, signal }, parts)) }
      : record;
    if (decision.isExported) await store.layerCaches.record(buildId, end);
    metrics.cacheExports.inc({ result: end.export });
  }
}
