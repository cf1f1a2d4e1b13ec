import { type CommandDefinition, printRows } from '../command.js';
import type { System } from '../http/rack-objects.js';

type Row = readonly [string, string];

function optional(header: string, value: string): readonly Row[] {
  return value === '' ? [] : [[header, value]];
}

function rowsOf(system: System): readonly Row[] {
  return [
    ['Name', system.name],
    ['Provider', system.provider],
    ...optional('Region', system.region),
    ...optional('Router', system.domain),
    ...optional('RouterInternal', system.internalRouter),
    ['Status', system.status],
    ['Version', system.version],
  ];
}

/** `convox rack` */
export const rack: CommandDefinition = {
  summary: 'show the rack',
  options: [],
  examples: ['rack', 'rack --rack staging'],
  run: async (call) => {
    const system = await call.rack().getSystem();
    printRows(call, { json: system.json, rows: rowsOf(system) });
  },
};
