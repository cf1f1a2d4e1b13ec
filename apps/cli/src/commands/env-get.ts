import { APP_OPTION, type CommandDefinition, printResult, REVEAL_OPTION } from '../command.js';
import { RELEASE_OPTION, readAppEnvironment } from '../options/app-environment.js';

/** `convox env get` */
export const envGet: CommandDefinition = {
  words: '<name>',
  summary: 'show the value of one variable',
  options: [APP_OPTION, RELEASE_OPTION, REVEAL_OPTION],
  examples: ['env get DATABASE_URL'],
  run: async (call) => {
    const [name = ''] = call.words;
    const value = (await readAppEnvironment(call, call.text('release'))).get(name);
    if (value === undefined) throw new Error(`env not found: ${name}`);
    printResult(call, { json: { [name]: value }, text: `${value}\n` });
  },
};
