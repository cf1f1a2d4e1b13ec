import { createErrorLog } from '@convox-builds/runtime';

import { tagImages } from './images/tag-images.js';
import type { WorkerParts } from './worker-parts.js';

const EVERY_MS = 10_000;
/** By then whoever completed the build has tagged it, or never will. */
const OVERDUE_AFTER_MS = 15_000;
const AT_ONCE = 20;

type Parts = Pick<WorkerParts, 'registry' | 'repositories' | 'store' | 'logger'>;

/** Writes the tags that are missing, e.g. because a worker died between its commit and its tags. Safe on many workers. */
async function repairTags(parts: Parts): Promise<void> {
  const builds = await parts.store.builds.listUntagged({ olderThanMs: OVERDUE_AFTER_MS, limit: AT_ONCE });
  for (const build of builds) await tagImages(build, parts);
}

/** Repairs tags now and then until stopped. */
export function startTagRepair(parts: Parts): { stop: () => Promise<void> } {
  const logError = createErrorLog(parts.logger, 'Cannot look for missing tags');
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => repairTags(parts)).catch(logError);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
