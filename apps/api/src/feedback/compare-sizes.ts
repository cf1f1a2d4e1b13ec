import type { BuildRecord, Store } from '@convox-builds/store';

import type { RackRegistry } from '../archives/rack-registry.js';
import { measureImages } from './measure-images.js';

/** How large the images of a build are, and those of the build before it that ended well, if there is one. */
export interface Sizes {
  readonly bytes: number;
  readonly beforeBytes: number | undefined;
}

const LOOKED_THROUGH = 20;
const WITHIN_MS = 5000;

/** Measures a build's images next to those of the one before; `undefined` when there are none, or the registry does not tell. */
export async function compareSizes(
  build: BuildRecord,
  { store, registry, signal }: { store: Store; registry: RackRegistry | undefined; signal: AbortSignal },
): Promise<Sizes | undefined> {
  const { app, images, state, createdAt } = build;
  if (registry === undefined || state !== 'complete' || Object.keys(images).length === 0) return undefined;
  // A comment without sizes is better than none.
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  const measure = (of: BuildRecord) => measureImages(registry, of, limit).catch(() => undefined);
  const bytes = await measure(build);
  if (bytes === undefined) return undefined;
  const last = await store.builds.list(app, { state: 'complete', limit: LOOKED_THROUGH });
  const before = last.find((other) => other.id !== build.id && other.createdAt <= createdAt);
  return { bytes, beforeBytes: before === undefined ? undefined : await measure(before) };
}
