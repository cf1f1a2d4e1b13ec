import { type CommandDefinition, printResult } from '../command.js';
import { RackSettings } from '../rack/rack-settings.js';

/** `convox logout` */
export const logout: CommandDefinition = {
  words: '<name>',
  summary: 'forget a rack and its password',
  options: [],
  examples: ['logout staging'],
  run: async (call) => {
    const [name = ''] = call.words;
    const settings = new RackSettings(call.environment.settingsFolder);
    // The whole name: a part of one might be another rack's.
    if (!settings.listNames().includes(name)) throw new Error(`could not find rack: ${name}`);
    settings.forget(name);
    printResult(call, { json: { name }, text: `Forgot ${name}\n` });
  },
};
