import {
  APP_OPTION,
  type CommandCall,
  type CommandDefinition,
  type OptionDefinition,
  printResult,
} from '../command.js';
import { createGitCalls } from '../http/git-calls.js';
import { formatTable } from '../terminal/format-table.js';

/** The options of all commands about git credentials. */
export const OWNER_OPTIONS: readonly OptionDefinition[] = [
  APP_OPTION,
  { flags: '--all-apps', description: 'those of the whole rack, for every app that has none of its own' },
];

/** Whose credentials are meant: an app's, or (`undefined`) the rack's. */
export function ownerOf(call: CommandCall): string | undefined {
  return call.flag('all-apps') ? undefined : call.appName();
}

/** `convox git-credentials` */
export const gitCredentials: CommandDefinition = {
  summary: 'list what lets builds in at git servers',
  options: OWNER_OPTIONS,
  examples: ['git-credentials -a shop', 'git-credentials --all-apps'],
  run: async (call) => {
    const list = await createGitCalls(call.rack().connection).listCredentials(ownerOf(call));
    const rows = list.map(({ host, kind, username, fingerprint }) => [host, kind, fingerprint, username]);
    const text = formatTable(['HOST', 'KIND', 'FINGERPRINT', 'USERNAME'], rows);
    printResult(call, { json: list.map(({ json }) => json), text });
  },
};
