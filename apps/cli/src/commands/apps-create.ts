import { waitForRunningApp } from '../build/wait-for-app.js';
import { APP_OPTION, type CommandDefinition, printResult } from '../command.js';
import { presentOptions } from '../options/present-options.js';

/** `convox apps create` */
export const appsCreate: CommandDefinition = {
  words: '[name]',
  summary: 'create an app',
  options: [
    APP_OPTION,
    { flags: '--generation <number>', description: 'generation of the app (default 2)' },
    { flags: '--timeout <seconds>', description: 'seconds that the creation may take' },
  ],
  examples: ['apps create', 'apps create shop'],
  run: async (call) => {
    const name = call.words[0] ?? call.appName();
    const rack = call.rack();
    call.output.start(`Creating ${name}`);
    await rack.createApp({ name, ...presentOptions(call, ['generation', 'timeout']) });
    const app = await waitForRunningApp(rack, name);
    call.output.ok();
    printResult(call, { json: app.json, text: '' });
  },
};
