import { setTimeout as delay } from 'node:timers/promises';
import type { RackClient } from '../http/rack-client.js';
import { RackError } from '../http/rack-error.js';
import type { App } from '../http/rack-objects.js';
import { askPatiently } from './ask-patiently.js';

const LIMIT_MS = 35 * 60_000;
const MAX_PAUSE_MS = 2_000;
/** How long Convox may still say that an app is running before it begins to change it. */
const CONVOX_PAUSE_MS = 5_000;

/** Asks until the answer is more than `undefined`: quickly at first, since our racks are done at once. */
async function poll<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (let pauseMs = 50; Date.now() < deadline; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(pauseMs);
  }
  throw new Error(`${what} timed out after 35 minutes`);
}

/** Waits until an app runs. */
export function waitForRunningApp(rack: RackClient, name: string): Promise<App> {
  return poll(`app ${name}`, async () => {
    const app = await rack.getApp(name);
    return app.status === 'running' ? app : undefined;
  });
}

/** Why a promotion has failed, as far as the rack tells. */
async function findFailure(rack: RackClient, { app, id }: { app: string; id: string }): Promise<string | undefined> {
  const [latest] = await rack.listPromotions(app, { limit: '1' });
  return latest?.release === id && latest.state === 'failed' ? latest.reason : undefined;
}

/**
 * Waits until an app runs a release, also while the rack is being restarted.
 *
 * @param onFailure is told why it does not, where the rack can say so
 * @throws {Error} `rollback` when the app goes on with another release
 */
export function waitForRelease(
  rack: RackClient,
  {
    app: name,
    id,
    isOurs,
    onFailure,
  }: { app: string; id: string; isOurs: boolean; onFailure: (reason: string) => void },
): Promise<App> {
  // Our racks are at it when they answer. On Convox an app runs when it says so twice in a row.
  const sightings = isOurs ? 1 : 2;
  let wanted = sightings;
  return poll(`promoting ${id}`, async () => {
    if (!isOurs) await delay(CONVOX_PAUSE_MS);
    const app = await askPatiently(`the promotion of ${id}`, () => rack.getApp(name));
    wanted = app.status === 'running' ? wanted - 1 : sightings;
    if (app.status !== 'rollback' && wanted > 0) return undefined;
    if (app.status === 'running' && app.release === id) return app;
    const reason = await findFailure(rack, { app: name, id });
    if (reason === undefined) throw new Error(`rollback: app ${name} runs ${app.release || 'nothing'}, not ${id}`);
    onFailure(reason);
    throw new Error('rollback');
  });
}

/** Waits until an app is gone. */
export async function waitForDeletedApp(rack: RackClient, name: string): Promise<void> {
  await poll(`deleting ${name}`, async () => {
    try {
      await rack.getApp(name);
      return undefined;
    } catch (error) {
      if (error instanceof RackError && (error.status === 404 || /app not found|no such app/.test(error.message)))
        return true;
      throw error;
    }
  });
}
