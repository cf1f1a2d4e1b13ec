import { type CommandDefinition, printTable } from '../command.js';
import { createForgeCalls, type Forge } from '../http/forge-calls.js';

const HEADINGS = ['HOST', 'KIND', 'API', 'PROBLEM'];

const rowOf = ({ host, kind, apiUrl, problem }: Forge) => [host, kind, apiUrl, problem];

/** `convox forges` */
export const forges: CommandDefinition = {
  summary: 'list the forges whose commits and pull requests are told of their builds',
  options: [],
  examples: ['forges'],
  run: async (call) => {
    const list = await createForgeCalls(call.rack().connection).list();
    printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
  },
};
