import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import { readPairs } from '../options/read-pairs.js';

/** `convox apps params set` */
export const appsParamsSet: CommandDefinition = {
  words: '<pairs...>',
  summary: 'set parameters of an app; those that are not given stay as they are',
  options: [APP_OPTION],
  examples: ['apps params set BuildCpu=500 BuildMem=2048', 'apps params set BuildConcurrency=2 -a shop'],
  run: async (call) => {
    const pairs = await readPairs(call.words);
    const [rack, app] = [call.rack(), call.appName()];
    call.output.start('Updating parameters');
    await rack.updateApp(app, { parameters: new URLSearchParams([...pairs].map(([...pair]) => pair)).toString() });
    call.output.ok();
    if (call.isJson) printResult(call, { json: (await rack.getApp(app)).parameters, text: '' });
  },
};
