import { promoteRelease } from '../build/promote-release.js';
import { APP_OPTION, type CommandDefinition, FORCE_OPTION, printResult } from '../command.js';
import type { RackClient } from '../http/rack-client.js';

async function latestReleaseId(rack: RackClient, app: string): Promise<string> {
  const [latest] = await rack.listReleases(app, { limit: '1' });
  if (latest === undefined) throw new Error('no releases to promote');
  return latest.id;
}

/** `convox releases promote` */
export const releasesPromote: CommandDefinition = {
  words: '[id]',
  summary: 'make a release (by default the latest) the active one',
  options: [APP_OPTION, FORCE_OPTION],
  examples: ['releases promote', 'releases promote RABCDEFGHIJ'],
  run: async (call) => {
    const [rack, app] = [call.rack(), call.appName()];
    const id = call.words[0] ?? (await latestReleaseId(rack, app));
    const promoted = await promoteRelease(rack, { app, id, isForced: call.flag('force'), output: call.output });
    printResult(call, { json: promoted.json, text: '' });
  },
};
