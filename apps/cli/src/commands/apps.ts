import { type CommandDefinition, printResult } from '../command.js';
import { formatTable } from '../terminal/format-table.js';

/** `convox apps` */
export const apps: CommandDefinition = {
  summary: 'list apps',
  options: [],
  examples: ['apps', 'apps --json'],
  run: async (call) => {
    const list = await call.rack().listApps();
    printResult(call, {
      json: list.map((app) => app.json),
      text: formatTable(
        ['APP', 'STATUS', 'RELEASE'],
        list.map((app) => [app.name, app.status, app.release]),
      ),
    });
  },
};
