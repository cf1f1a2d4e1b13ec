import type { Shutdown } from '@convox-builds/runtime';

import { createExportSlot, type ExportSlot } from './export-slot.js';
import { openWarmImages, type WarmImages } from './warm-images.js';

/** What a worker has for its layer caches. */
export interface LayerCacheParts {
  readonly warmImages: WarmImages;
  readonly exportSlot: ExportSlot;
}

/** Opens them, for the BuildKit whose state is in a folder. */
export function openLayerCache(stateFolder: string, shutdown: Shutdown): LayerCacheParts {
  const exportSlot = createExportSlot();
  shutdown.add('cache exports', () => exportSlot.stop());
  return { warmImages: openWarmImages(stateFolder), exportSlot };
}
