import { type CommandDefinition, printResult } from '../command.js';
import { findRackName } from '../rack/find-rack-address.js';
import { RackSettings } from '../rack/rack-settings.js';

/** `convox switch` */
export const switchRack: CommandDefinition = {
  words: '[name]',
  summary: 'choose the rack that is used from now on, by its name or a part of it; without a name, show which it is',
  options: [],
  examples: ['switch', 'switch staging'],
  run: async (call) => {
    const [wanted] = call.words;
    const settings = new RackSettings(call.environment.settingsFolder);
    if (wanted === undefined) {
      const used = findRackName(call.text('rack'), call.environment);
      if (used === undefined)
        throw new Error('no current rack, use `convox switch <name>` or `convox login <address>`');
      return printResult(call, { json: { rack: used }, text: `${used}\n` });
    }
    const name = settings.selectName(wanted);
    settings.choose(name);
    printResult(call, { json: { rack: name }, text: `Switched to ${name}\n` });
    const used = findRackName(undefined, call.environment);
    if (call.environment.rackUrl !== undefined) call.output.warn('warning: RACK_URL is set, and wins over this choice');
    else if (used !== name) call.output.warn(`warning: here CONVOX_RACK or .convox/rack says ${used}, and wins`);
  },
};
