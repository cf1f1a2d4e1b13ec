import { findRetryDelay } from '@convox-builds/domain';

import { type AttemptReport, AttemptStop, findStopReason } from './attempt.js';
import type { AttemptEnd } from './attempt-end.js';
import { classifyFailure } from './classify-failure.js';
import type { WorkerParts } from './worker-parts.js';

const formatSeconds = (ms: number) => `${Math.max(1, Math.round(ms / 1000))} s`;

/** Writes the end of an attempt that did not complete. Every write is fenced: a build that has another owner stays as it is. */
export async function recordFailure(
  attempt: AttemptReport,
  error: unknown,
  { store, settings }: Pick<WorkerParts, 'store' | 'settings'>,
): Promise<AttemptEnd> {
  const stop = findStopReason(attempt.signal) ?? (error instanceof AttemptStop ? error.reason : undefined);
  if (stop === 'lost') return { outcome: 'lost' };
  if (stop === 'drain') {
    attempt.log.note('The worker is going away: this build goes back to the queue');
    await attempt.log.end();
    await store.attempts.release(attempt.claim);
    return { outcome: 'released' };
  }
  const failure = classifyFailure(stop === 'timeout' ? attempt.signal.reason : error, settings);
  if (failure.failureClass === 'platform') attempt.logger.error({ err: error }, 'Build failed on our side');
  attempt.log.note(`ERROR: ${failure.message}`);
  const { failureClass } = failure;
  const reason = attempt.log.mask(failure.message);
  const delayMs = findRetryDelay(failureClass, attempt.build.retries);
  if (delayMs !== undefined) attempt.log.note(`It is not the build's fault: trying again in ${formatSeconds(delayMs)}`);
  await attempt.log.end();
  const isOurs =
    delayMs === undefined
      ? await store.attempts.fail(attempt.claim, { failureClass, reason })
      : await store.attempts.retry(attempt.claim, { failureClass, reason }, { delayMs });
  if (!isOurs) return { outcome: 'lost' };
  return { outcome: delayMs === undefined ? 'failed' : 'retried', failureClass, reason };
}
