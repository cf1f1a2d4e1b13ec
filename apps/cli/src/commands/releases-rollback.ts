import { promoteRelease } from '../build/promote-release.js';
import { APP_OPTION, type CommandDefinition, FORCE_OPTION, ID_OPTION, printResult } from '../command.js';

/** `convox releases rollback` */
export const releasesRollback: CommandDefinition = {
  words: '<id>',
  summary: 'create a release like an earlier one, with its build and its environment, and promote it',
  options: [APP_OPTION, FORCE_OPTION, ID_OPTION],
  examples: ['releases rollback RABCDEFGHIJ'],
  run: async (call) => {
    const [id = ''] = call.words;
    const { output } = call;
    const [rack, app] = [call.rack(), call.appName()];
    output.start(`Rolling back to ${id}`);
    const earlier = await rack.getRelease(app, id);
    const release = await rack.createRelease(app, { build: earlier.build, env: earlier.environmentText });
    output.ok(release.id);
    await promoteRelease(rack, { app, id: release.id, isForced: call.flag('force'), output });
    if (call.isJson) printResult(call, { json: release.json, text: '' });
    else if (call.flag('id')) output.result(release.id);
  },
};
