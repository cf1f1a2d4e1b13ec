import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isPassingError } from '../http/is-passing-error.js';
import type { RackClient, WireParameters } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';

const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Whether it makes one build of requests with the same key; other racks would make another one. */
async function knowsKeys(rack: RackClient): Promise<boolean> {
  for (const pauseMs of PAUSES_MS) {
    await delay(pauseMs);
    try {
      return (await rack.getSystem()).isOurs;
    } catch (error) {
      if (!isPassingError(error)) throw error;
    }
  }
  return false;
}

/**
 * Starts a build. A request without an answer may have been heard or not: it is repeated, with the same key, where that
 * makes no second build.
 *
 * @throws {RackError | UnreachableError} when the rack refuses, or stays away
 */
export async function createBuildOnce(rack: RackClient, app: string, parameters: WireParameters): Promise<Build> {
  const key = randomUUID();
  try {
    return await rack.createBuild(app, parameters, key);
  } catch (error) {
    if (!isPassingError(error) || !(await knowsKeys(rack))) throw error;
    return rack.createBuild(app, parameters, key);
  }
}
