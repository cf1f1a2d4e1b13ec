import type { ApiParts } from './api-parts.js';

/** One of the things that a loop does in each of its turns; its name is told when it fails. */
export type Step<Parts> = (parts: Parts, signal: AbortSignal) => Promise<unknown>;

/** How steps are run. */
export interface RunOptions {
  /** What is said of one that fails. */
  readonly failure: string;
  /** Aborted when the loop is to stop: what is left then is for its next start, or for another replica. */
  readonly signal: AbortSignal;
}

/** Runs the steps of a turn, one after the other. Each is tried, whatever became of those before it; what fails is counted. */
export async function runSteps<Parts extends Pick<ApiParts, 'logger' | 'metrics'>>(
  steps: readonly Step<Parts>[],
  parts: Parts,
  { failure, signal }: RunOptions,
): Promise<void> {
  for (const step of steps) {
    if (signal.aborted) return;
    try {
      await step(parts, signal);
    } catch (error) {
      parts.logger.warn({ err: error, step: step.name }, failure);
      parts.metrics.reconcileFailures.inc({ step: step.name });
    }
  }
}
