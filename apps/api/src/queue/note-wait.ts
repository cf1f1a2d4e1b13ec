import type { Store } from '@convox-builds/store';

import type { LogHub } from '../log-stream/log-hub.js';
import { explainWait, formatWait } from './explain-wait.js';

/** How often a log tells how its build waits. */
export const NOTE_EVERY_MS = 15_000;

/**
 * Tells in the log of a build that waits how it waits, at most every 15 seconds on all replicas together. What is told is
 * stored: readers see the same log, whenever they come.
 */
export async function noteWait(
  { store, logHub }: { readonly store: Store; readonly logHub: LogHub },
  buildId: string,
): Promise<void> {
  const wait = await store.queue.describeWait(buildId);
  if (wait === undefined || wait.isAdmitted) return;
  if (!(await store.queue.markNoted(buildId, { everyMs: NOTE_EVERY_MS }))) return;
  await store.logs.appendNote(buildId, formatWait(explainWait(wait)));
  logHub.wake(buildId);
}
