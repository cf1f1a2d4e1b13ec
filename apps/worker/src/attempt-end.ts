import type { FailureClass } from '@convox-builds/domain';

import type { AttemptReport } from './attempt.js';
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
  /** What the person is told of the failure. */
  readonly reason?: string;
}

/** Tells our log, the metrics and the trace how an attempt ended that began at `startedAt`, on the clock of `performance.now()`. */
export function reportAttemptEnd(
  { outcome, failureClass, reason }: AttemptEnd,
  { attempt, startedAt }: { attempt: AttemptReport; startedAt: number },
  metrics: WorkerMetrics,
): void {
  if (outcome !== 'complete') attempt.logger.info({ outcome, failureClass }, 'Build ended');
  attempt.span.set({ 'convox.outcome': outcome, 'convox.failure_class': failureClass });
  attempt.span.end({ error: reason });
  metrics.attempts.inc({ outcome, failure_class: failureClass ?? 'none' });
  metrics.attemptSeconds.observe({ outcome }, (performance.now() - startedAt) / 1000);
}
