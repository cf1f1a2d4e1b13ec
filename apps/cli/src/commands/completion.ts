import type { CommandDefinition } from '../command.js';
/** `convox completion` */
export const completion: CommandDefinition = {
  words: '<shell>',
  summary: 'print a completion script',
  options: [],
  examples: ['completion bash'],
  run: async () => {},
};
