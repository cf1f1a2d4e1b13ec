import type { ApiParts } from './api-parts.js';

/** One of the things that a loop does in each of its turns; its name is told when it fails. */
type Step<Parts> = (parts: Parts) => Promise<unknown>;

/** Runs the steps of a turn, one after the other. Each is tried, whatever became of those before it; what fails is counted. */
export async function runSteps<Parts extends Pick<ApiParts, 'logger' | 'metrics'>>(
  steps: readonly Step<Parts>[],
  parts: Parts,
  failure: string,
): Promise<void> {
  for (const step of steps) {
    try {
      await step(parts);
    } catch (error) {
      parts.logger.warn({ err: error, step: step.name }, failure);
      parts.metrics.reconcileFailures.inc({ step: step.name });
    }
  }
}
