import { waitForDeletedApp } from '../build/wait-for-app.js';
import { type CommandDefinition, printResult } from '../command.js';

/** `convox apps delete` */
export const appsDelete: CommandDefinition = {
  words: '<app>',
  summary: 'delete an app with its builds and releases',
  options: [],
  examples: ['apps delete shop'],
  run: async (call) => {
    const [name = ''] = call.words;
    const rack = call.rack();
    call.output.start(`Deleting ${name}`);
    await rack.deleteApp(name);
    await waitForDeletedApp(rack, name);
    call.output.ok();
    printResult(call, { json: { name }, text: '' });
  },
};
