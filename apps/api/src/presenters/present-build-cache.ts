import type { WireBuildDetails } from '@convox-builds/api-contract';
import type { BuildCacheRecord } from '@convox-builds/store';

/** Where the steps of a service came from, for the wire. */
export function presentBuildCache(cache: BuildCacheRecord): NonNullable<WireBuildDetails['caches']>[number] {
  return {
    service: cache.service,
    local: cache.localSteps,
    registry: cache.registrySteps,
    built: cache.builtSteps,
    'import-ms': cache.importMs,
    export: cache.export,
    reason: cache.reason,
    'export-ms': cache.exportMs,
    'export-bytes': cache.exportBytes,
  };
}
