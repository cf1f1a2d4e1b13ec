import { type CommandDefinition, printResult } from '../command.js';
import { createForgeCalls } from '../http/forge-calls.js';

/** `convox forges remove` */
export const forgesRemove: CommandDefinition = {
  words: '<host>',
  summary: 'tell a forge nothing any more, also not what is still to be told',
  options: [],
  examples: ['forges remove github.com'],
  run: async (call) => {
    const [host = ''] = call.words;
    call.output.start(`Removing forge ${host}`);
    await createForgeCalls(call.rack().connection).remove(host);
    call.output.ok();
    printResult(call, { json: { host }, text: '' });
  },
};
