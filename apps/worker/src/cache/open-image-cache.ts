import { SolveError, type SolveStatus, type TypedAttrs } from '@convox-builds/buildkit-client';
import type { BuiltService } from '@convox-builds/store';
import type { ImageToBuild } from '../images/image-to-build.js';
import { isPushError } from '../images/retry-push.js';
import type { WorkerParts } from '../worker-parts.js';
import { cacheImport, cacheModeOf, cachePlaceOf } from './cache-place.js';
import { createSourceCounter } from './count-sources.js';

/** The layers that one image is built from: those of this disk, and where it is cold those of the registry. */
export interface ImageCache {
  /** Is told of the solve. */
  readonly add: (status: SolveStatus) => void;
  /** Solves with what the registry has; without it, with a warning, when that cannot be used. */
  readonly solveWith: <T>(solveOnce: (imports: readonly TypedAttrs[]) => Promise<T>) => Promise<T>;
  /** Says in the log where the steps came from, and notes that the disk is warm. */
  readonly finish: () => Promise<BuiltService>;
}

async function findImports(build: ImageToBuild, isCold: boolean, parts: WorkerParts): Promise<TypedAttrs[]> {
  const { attempt, image } = build;
  const isOff = cacheModeOf(attempt, parts) === 'off' || attempt.build.options.noCache;
  if (!isCold || isOff) return [];
  const cache = await parts.store.layerCaches.find(cachePlaceOf(attempt, image));
  return cache === undefined || cache.digest === '' ? [] : [cacheImport(attempt, cache.digest, parts)];
}

/** Whether a solve may go well without the imports. What a step of the Dockerfile did is not the cache's fault. */
function mayBeTheirFault(error: unknown, { signal }: ImageToBuild): boolean {
  if (signal.aborted || isPushError(error) || !(error instanceof SolveError)) return false;
  return error.exitCode === undefined && error.code !== 'cancelled' && error.code !== 'unavailable';
}

const errorText = (error: unknown) => (error instanceof Error ? error.message : String(error));
const firstLine = (text: string) => text.split('\n')[0] ?? '';

/** Opens the cache of an image that is about to be built. */
export async function openImageCache(build: ImageToBuild, parts: WorkerParts): Promise<ImageCache> {
  const { image, attempt } = build;
  const prefix = image.services.join(',');
  const warmImage = cachePlaceOf(attempt, image);
  const isCold = !(await parts.warmImages.has(warmImage));
  let counter = createSourceCounter();
  const warn = (why: string) =>
    attempt.log.line(`${prefix} warning: building without the registry's layer cache: ${firstLine(why)}`);
  let imports: readonly TypedAttrs[] = await findImports(build, isCold, parts).catch((error: unknown) => {
    warn(errorText(error));
    return [];
  });
  return {
    add: (status) => counter.add(status),
    solveWith: async (solveOnce) => {
      try {
        return await solveOnce(imports);
      } catch (error) {
        if (imports.length === 0 || !mayBeTheirFault(error, build)) throw error;
        imports = [];
        counter = createSourceCounter();
        warn(errorText(error));
        return solveOnce(imports);
      }
    },
    finish: async () => {
      const { cachedSteps, builtSteps, builtMs, importMs, importError } = counter.result();
      if (importError !== undefined && imports.length > 0) warn(importError);
      const isImported = imports.length > 0 && importError === undefined;
      const [localSteps, registrySteps] = isImported ? [0, cachedSteps] : [cachedSteps, 0];
      const cost = isImported ? `, import ${(importMs / 1000).toFixed(1)}s` : '';
      attempt.log.line(
        `${prefix} ${localSteps + registrySteps + builtSteps} steps: ${localSteps} local, ${registrySteps} registry, ${builtSteps} built${cost}`,
      );
      for (const [source, count] of Object.entries({ local: localSteps, registry: registrySteps, built: builtSteps }))
        parts.metrics.stepSources.inc({ source }, count);
      // Without the note the registry is asked once more.
      await parts.warmImages.add(warmImage).catch((error: unknown) => {
        attempt.logger.warn({ err: error }, 'Cannot note that an image is warm');
      });
      return { localSteps, registrySteps, builtSteps, builtMs, importMs, isCold };
    },
  };
}
