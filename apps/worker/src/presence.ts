import type { Finding } from '@convox-builds/domain';
import { createErrorLog, startLoop } from '@convox-builds/runtime';

import type { BuildWorker } from './build-worker.js';
import { createDiskCleaner } from './disk-cleaner.js';
import type { SelfExamination } from './doctor/self-examination.js';
import { findShortage, type Shortage } from './find-shortage.js';
import type { WorkerParts } from './worker-parts.js';

const REPORT_EVERY_MS = 2000;

/** What keeps a worker on the list of those that are given builds. */
export interface Presence {
  /** Says from now on that it takes no more builds. */
  readonly drain: () => void;
  /** Takes it off the list. */
  readonly leave: () => Promise<void>;
}

/** What it lacks may change from one report to the next. */
const roomFor = (shortage: Shortage | undefined): Finding =>
  shortage === undefined
    ? { check: 'room', status: 'ok', message: 'takes builds' }
    : { check: 'room', status: 'failed', message: `takes no builds: ${shortage.text}` };

/**
 * Tells every two seconds that this worker lives and what it has room for. The answer is what it was given, so that builds
 * start also while Redis is away.
 */
export async function startPresence(
  owner: string,
  worker: BuildWorker,
  parts: WorkerParts & { readonly examination: Pick<SelfExamination, 'findings'> },
): Promise<Presence> {
  const { settings, store, logger, buildkitd, examination } = parts;
  const logError = createErrorLog(logger, 'Cannot report to the database');
  const cleaner = createDiskCleaner(parts);
  let isDraining = false;

  async function report(): Promise<void> {
    const shortage = isDraining ? undefined : await findShortage(settings, buildkitd);
    const state = isDraining ? 'draining' : shortage === undefined ? 'ready' : 'full';
    if (shortage !== undefined) logger.warn({ shortage: shortage.text }, 'Taking no builds');
    if (shortage?.of === 'disk') cleaner.clean();
    const { name, buildSlots: slots } = settings;
    const findings = [...examination.findings(), roomFor(shortage)];
    const given = await store.workers.report({ name, owner, slots, state, findings });
    for (const build of given) worker.takeUp(build);
  }

  const reports = startLoop(() => report().catch(logError), { everyMs: REPORT_EVERY_MS });
  await reports.settled();
  return {
    drain: () => {
      isDraining = true;
      reports.wake();
    },
    leave: async () => {
      await reports.stop();
      await cleaner.stop();
      await store.workers.leave(owner);
    },
  };
}
