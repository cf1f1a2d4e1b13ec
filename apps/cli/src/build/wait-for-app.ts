import { setTimeout as delay } from 'node:timers/promises';
import type { RackClient } from '../http/rack-client.js';
import { RackError } from '../http/rack-error.js';
import type { App } from '../http/rack-objects.js';

const LIMIT_MS = 35 * 60_000;
const MAX_PAUSE_MS = 2_000;

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

/** Waits until an app runs a release. Throws `rollback` when the rack went back to another one. */
export function waitForRelease(rack: RackClient, { app: name, id }: { app: string; id: string }): Promise<App> {
  return poll(`promoting ${id}`, async () => {
    const app = await rack.getApp(name);
    if (app.status === 'rollback') throw new Error('rollback');
    return app.status === 'running' && app.release === id ? app : undefined;
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
