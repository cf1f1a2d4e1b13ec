import { type CommandCall, type CommandDefinition, printResult } from '../command.js';
import type { RackClient } from '../http/rack-client.js';
import { readVersion } from '../read-version.js';

function findRack(call: CommandCall): RackClient | undefined {
  try {
    return call.rack();
  } catch (error) {
    // Without a rack the command still has a version; a rack that was asked for by name must be there.
    if (error instanceof Error && error.message.startsWith('no current rack')) return undefined;
    throw error;
  }
}

/** `convox version` */
export const version: CommandDefinition = {
  summary: 'show the versions of command and rack',
  options: [],
  examples: ['version'],
  run: async (call) => {
    const client = readVersion();
    const server = (await findRack(call)?.getSystem())?.version ?? 'none';
    printResult(call, { json: { client, server }, text: `client: ${client}\nserver: ${server}\n` });
  },
};
