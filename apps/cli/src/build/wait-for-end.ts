import { setTimeout as delay } from 'node:timers/promises';
import type { CommandCall } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { askPatiently } from './ask-patiently.js';
import { isFinalBuild } from './is-final-build.js';

const PAUSE_MS = 1000;

/**
 * Waits until a build has ended, well or not, and shows its state on a terminal.
 *
 * @throws {Error} when it has not ended within the time: it goes on
 */
export async function waitForEnd(
  call: CommandCall,
  { id, limitMs = Infinity }: { id: string; limitMs?: number },
): Promise<Build> {
  const [rack, app] = [call.rack(), call.appName()];
  const deadline = Date.now() + limitMs;
  // What is wrong with the name or the address is not worth any patience.
  let build = await rack.getBuild(app, id);
  while (!isFinalBuild(build)) {
    if (Date.now() >= deadline)
      throw new Error(`build ${id} has not ended within ${limitMs / 1000} seconds: it goes on`);
    call.output.progress(build.state ?? build.status);
    await delay(Math.min(PAUSE_MS, deadline - Date.now()));
    build = await askPatiently(`build ${id}`, () => rack.getBuild(app, id));
  }
  return build;
}
