import { APP_OPTION, type CommandDefinition, printRows } from '../command.js';

/** `convox apps params` */
export const appsParams: CommandDefinition = {
  words: '[app]',
  summary: 'list the parameters of an app',
  options: [APP_OPTION],
  examples: ['apps params', 'apps params shop --json'],
  run: async (call) => {
    const { parameters } = await call.rack().getApp(call.words[0] ?? call.appName());
    const rows = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
    printRows(call, { json: parameters, rows });
  },
};
