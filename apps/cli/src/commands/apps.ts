import { type CommandDefinition, printTable, WATCH_OPTION } from '../command.js';
import { repeatList } from '../options/repeat-list.js';

/** `convox apps` */
export const apps: CommandDefinition = {
  summary: 'list apps',
  options: [WATCH_OPTION],
  examples: ['apps', 'apps --json'],
  run: async (call) =>
    repeatList(call, async () => {
      const list = await call.rack().listApps();
      const rows = list.map((app) => [app.name, app.status, app.release]);
      printTable(call, { json: list.map(({ json }) => json), headings: ['APP', 'STATUS', 'RELEASE'], rows });
    }),
};
