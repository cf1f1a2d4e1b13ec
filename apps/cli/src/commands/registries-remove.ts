import { type CommandDefinition, printResult } from '../command.js';

/** `convox registries remove` */
export const registriesRemove: CommandDefinition = {
  words: '<server>',
  summary: "take the rack's access to a registry away",
  options: [],
  examples: ['registries remove registry.example.org'],
  run: async (call) => {
    const [server = ''] = call.words;
    call.output.start('Removing registry');
    await call.rack().removeRegistry(server);
    call.output.ok();
    printResult(call, { json: { server }, text: '' });
  },
};
