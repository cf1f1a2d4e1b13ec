import { type CommandCall, type CommandDefinition, printTable } from '../command.js';
import { findRackName } from '../rack/find-rack-address.js';
import { RackSettings } from '../rack/rack-settings.js';

/** Which of the racks the next command uses, unless it is told otherwise. */
function findUsedName(call: CommandCall, settings: RackSettings): string | undefined {
  const wanted = findRackName(call.text('rack'), call.environment);
  try {
    return wanted === undefined ? undefined : settings.selectName(wanted);
  } catch {
    // A list of racks is what helps somebody who has chosen none of them.
    return undefined;
  }
}

/** `convox racks` */
export const racks: CommandDefinition = {
  summary: 'list the racks that you have logged in to',
  options: [],
  examples: ['racks', 'racks --json'],
  run: async (call) => {
    const settings = new RackSettings(call.environment.settingsFolder);
    const used = findUsedName(call, settings);
    const list = settings.listNames().map((name) => {
      return { name, current: name === used, address: settings.readAddress(name).baseUrl };
    });
    const rows = list.map(({ name, current, address }) => [name, current ? 'current' : '', address]);
    printTable(call, { json: list, headings: ['NAME', 'STATUS', 'ADDRESS'], rows });
    if (call.environment.rackUrl !== undefined)
      call.output.warn('warning: RACK_URL is set, and wins, unless --rack names one of these');
  },
};
