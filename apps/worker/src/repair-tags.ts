import { type Loop, startLoop } from '@convox-builds/runtime';

import { tagImages } from './images/tag-images.js';
import type { WorkerParts } from './worker-parts.js';

const EVERY_MS = 10_000;
/** By then whoever completed the build has tagged it, or never will. */
const OVERDUE_AFTER_MS = 15_000;
const RETRY_AT_LEAST_EVERY_MS = 10 * 60_000;
const AT_ONCE = 20;

type Parts = Pick<WorkerParts, 'registry' | 'repositories' | 'store' | 'logger'>;

interface RepairOptions {
  readonly signal: AbortSignal;
  readonly overdueAfterMs?: number;
}

/**
 * Writes the tags that are missing, e.g. because a worker died between its commit and its tags. Safe on many workers: each
 * build is for one of them, and one that cannot be tagged now keeps none of the others.
 */
export async function repairTags(
  parts: Parts,
  { signal, overdueAfterMs: olderThanMs = OVERDUE_AFTER_MS }: RepairOptions,
): Promise<void> {
  const overdue = { olderThanMs, retryAtLeastEveryMs: RETRY_AT_LEAST_EVERY_MS };
  for (let count = 0; count < AT_ONCE && !signal.aborted; count += 1) {
    const build = await parts.store.builds.takeUntagged(overdue);
    if (build === undefined) return;
    await tagImages(build, parts, { signal });
  }
}

/** Repairs tags now and then until stopped. */
export function startTagRepair(parts: Parts): Loop {
  const { logger } = parts;
  const logError = (error: unknown) => logger.warn({ err: error }, 'Cannot look for missing tags');
  return startLoop((signal) => repairTags(parts, { signal }).catch(logError), { everyMs: EVERY_MS });
}
