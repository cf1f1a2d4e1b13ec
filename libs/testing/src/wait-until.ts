import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/**
 * Polls until a condition holds.
 *
 * @throws {Error} when it does not within `timeoutMs` (default one minute)
 */
export async function waitUntil(
  condition: () => Promise<boolean> | boolean,
  { timeoutMs = 60_000, what = 'condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Cannot go on: ${what} did not hold within ${timeoutMs} ms`);
    await sleep(POLL_MS);
  }
}
