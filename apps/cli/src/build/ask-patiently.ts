import { setTimeout as delay } from 'node:timers/promises';
import { isPassingError } from '../http/is-passing-error.js';

const PATIENCE_MS = 120_000;
const MAX_PAUSE_MS = 5_000;

/**
 * Asks the rack for something, again and again while it is away: what goes on there does not need us, and its end is worth
 * waiting for.
 *
 * @param what is being watched, for the message
 * @throws {Error} when the rack refuses, or is away for two minutes
 */
export async function askPatiently<T>(what: string, ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassingError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (Date.now() > deadline) throw new Error(`lost sight of ${what}, which may go on: ${reason}`, { cause: error });
    }
    await delay(pauseMs);
  }
}
