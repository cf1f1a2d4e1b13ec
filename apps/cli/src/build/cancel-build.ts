import type { RackClient } from '../http/rack-client.js';
import { RackError } from '../http/rack-error.js';

/**
 * Cancels a build that is queued or running.
 *
 * @throws {Error} when the rack refuses, or is too old
 */
export async function cancelBuild(rack: RackClient, { app, id }: { app: string; id: string }): Promise<void> {
  try {
    await rack.cancelBuild(app, id);
  } catch (error) {
    const isUnknownRoute =
      error instanceof RackError && error.status === 404 && error.message.startsWith('response status');
    throw isUnknownRoute ? new Error('this rack is too old to cancel builds', { cause: error }) : error;
  }
}
