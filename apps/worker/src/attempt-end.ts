import type { FailureClass } from '@convox-builds/domain';

import type { WorkerMetrics } from './worker-metrics.js';

/**
 * How an attempt ended on this worker:
 *
 * - `complete`, `failed`: and so did the build
 * - `released`: it was handed back to the queue
 * - `lost`: it is not ours any more, because the build was cancelled or its lease ran out
 */
export interface AttemptEnd {
  readonly outcome: 'complete' | 'failed' | 'released' | 'lost';
  /** Set when it failed. */
  readonly failureClass?: FailureClass;
}

/** Counts the end of an attempt and how long it took, from `startedAt` on the clock of `performance.now()`. */
export function countAttemptEnd(
  { outcome, failureClass }: AttemptEnd,
  startedAt: number,
  metrics: WorkerMetrics,
): void {
  metrics.attempts.inc({ outcome, failure_class: failureClass ?? 'none' });
  metrics.attemptSeconds.observe({ outcome }, (performance.now() - startedAt) / 1000);
}
