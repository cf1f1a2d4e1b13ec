import type { CommandCall } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';
import { followBuild } from './follow-build.js';
import { startBuild } from './start-build.js';

/**
 * Builds a folder to the end: on the rack, or with `--external` on this machine.
 *
 * @param urgency its `lane`, unless a person waits for it
 * @throws {Error} `build failed: <reason>` when it does not end well
 */
export async function runBuild(call: CommandCall, urgency: WireParameters = {}): Promise<Build> {
  if (call.flag('external')) {
    const { buildExternal } = await import('../external/build-external.js');
    return buildExternal(call);
  }
  const { id } = await startBuild(call, urgency);
  return followBuild(call, id);
}
