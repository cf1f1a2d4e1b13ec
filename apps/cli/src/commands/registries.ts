import { type CommandDefinition, printTable, WATCH_OPTION } from '../command.js';
import { repeatList } from '../options/repeat-list.js';

/** `convox registries` */
export const registries: CommandDefinition = {
  summary: 'list the registries that the rack has access to',
  options: [WATCH_OPTION],
  examples: ['registries', 'registries --json'],
  run: async (call) =>
    repeatList(call, async () => {
      const list = await call.rack().listRegistries();
      const rows = list.map(({ server, username }) => [server, username]);
      printTable(call, { json: list.map(({ json }) => json), headings: ['SERVER', 'USERNAME'], rows });
    }),
};
