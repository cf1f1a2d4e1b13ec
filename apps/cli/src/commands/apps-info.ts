import { APP_OPTION, type CommandDefinition, printRows } from '../command.js';
import type { App } from '../http/rack-objects.js';

function rowsOf(app: App): readonly (readonly [string, string])[] {
  return [
    ['Name', app.name],
    ['Status', app.status],
    ['Generation', app.generation],
    ['Locked', String(app.isLocked)],
    ['Release', app.release],
    ...(app.router === '' ? [] : [['Router', app.router] as const]),
  ];
}

/** `convox apps info` */
export const appsInfo: CommandDefinition = {
  words: '[app]',
  summary: 'show an app',
  options: [APP_OPTION],
  examples: ['apps info', 'apps info shop'],
  run: async (call) => {
    const app = await call.rack().getApp(call.words[0] ?? call.appName());
    printRows(call, { json: app.json, rows: rowsOf(app) });
  },
};
