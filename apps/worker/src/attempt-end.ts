import type { FailureClass } from '@convox-builds/domain';

import type { WorkerMetrics } from './worker-metrics.js';

/**
 * How an attempt ended on this worker:
 *
 * - `complete`, `failed`: and so did the build
 * - `retried`: it failed by the rack's own fault, and the build goes back to the queue
 * - `released`: it was handed back to the queue
 * - `lost`: it is not ours any more, because the build was cancelled or its lease ran out
 */
export interface AttemptEnd {
  readonly outcome: 'complete' | 'failed' | 'retried' | 'released' | 'lost';
  /** Set when it failed, for good or not. */
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
