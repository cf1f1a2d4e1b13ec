import { StartError } from '@convox-builds/runtime';

import type { Check } from './check.js';
import { runChecks } from './run-checks.js';

/**
 * Runs the checks of what a process is of no use without.
 *
 * @throws {StartError} that says on one line what has failed
 */
export async function assertFit(checks: readonly Check[]): Promise<void> {
  const failures = (await runChecks(checks)).filter(({ status }) => status === 'failed');
  if (failures.length === 0) return;
  throw new StartError(`Cannot start: ${failures.map(({ check, message }) => `${check}: ${message}`).join('; ')}`);
}
