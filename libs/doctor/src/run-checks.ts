import { type Finding, sanitiseLine } from '@convox-builds/domain';
import { answerWithin, maskCredentials } from '@convox-builds/runtime';

import { type Check, failed, type Verdict } from './check.js';
import { reasonOf } from './reason-of.js';

const WITHIN_MS = 10_000;

/**
 * Runs checks, all at once. One that throws, or does not come to an end within `withinMs` (default 10 seconds), has failed. No
 * message has a password of an address in it, or more than one line.
 */
export async function runChecks(
  checks: readonly Check[],
  { withinMs = WITHIN_MS }: { withinMs?: number } = {},
): Promise<Finding[]> {
  const runOne = async ({ name, run }: Check): Promise<Finding> => {
    const verdict: Verdict = await answerWithin(run(), withinMs).catch((error: unknown) => failed(reasonOf(error)));
    const message = sanitiseLine(maskCredentials(verdict.message).replaceAll(/\s*\n\s*/g, ' '));
    return { check: name, status: verdict.status, message };
  };
  return Promise.all(checks.map(runOne));
}
