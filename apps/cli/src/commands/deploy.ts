import { promoteRelease } from '../build/promote-release.js';
import { runBuild } from '../build/run-build.js';
import { BUILD_OPTIONS } from '../build/start-build.js';
import { type CommandDefinition, FORCE_OPTION, printResult } from '../command.js';

/** `convox deploy` */
export const deploy: CommandDefinition = {
  words: '[source]',
  summary: 'build a folder or a git repository and promote the release',
  options: [...BUILD_OPTIONS, FORCE_OPTION],
  examples: ['deploy', 'deploy ./shop -a shop', 'deploy https://git.example.org/team/shop.git#main -a shop'],
  run: async (call) => {
    const { output } = call;
    const built = await runBuild(call, { lane: 'deploy' });
    const app = call.appName();
    await promoteRelease(call.rack(), { app, id: built.release, isForced: call.flag('force'), output });
    if (call.isJson) printResult(call, { json: built.json, text: '' });
    else if (call.flag('id')) output.result(built.release);
  },
};
