import { setTimeout as delay } from 'node:timers/promises';
import { isPassingError } from '../http/is-passing-error.js';
import type { RackClient } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';

const PATIENCE_MS = 120_000;
const MAX_PAUSE_MS = 5_000;

/**
 * Asks for a build, again and again while the rack is away: the build does not need us, and its end is worth waiting for.
 *
 * @throws {Error} when the rack refuses, or is away for two minutes
 */
export async function getBuildPatiently(rack: RackClient, { app, id }: { app: string; id: string }): Promise<Build> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await rack.getBuild(app, id);
    } catch (error) {
      if (!isPassingError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (Date.now() > deadline)
        throw new Error(`lost sight of build ${id}, which may go on: ${reason}`, { cause: error });
    }
    await delay(pauseMs);
  }
}
