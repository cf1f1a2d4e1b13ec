import { followBuild, printBuilt } from '../build/follow-build.js';
import { APP_OPTION, type CommandDefinition, ID_OPTION } from '../command.js';

/** `convox builds attach` */
export const buildsAttach: CommandDefinition = {
  words: '<id>',
  summary: 'follow a build to its end, as `convox build` does, with the same exit code',
  options: [APP_OPTION, ID_OPTION],
  examples: ['builds attach BABCDEFGHIJ', 'builds attach BABCDEFGHIJ --id'],
  run: async (call) => {
    const [id = ''] = call.words;
    // A rack accepts the log socket of a build that it does not know, so ask first.
    await call.rack().getBuild(call.appName(), id);
    printBuilt(call, await followBuild(call, id));
  },
};
