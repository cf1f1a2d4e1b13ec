import { type CommandDefinition, printTable } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';
import { OWNER_OPTIONS, ownerOf } from '../options/git-owner.js';

/** `convox git-credentials` */
export const gitCredentials: CommandDefinition = {
  summary: 'list what lets builds in at git servers',
  options: OWNER_OPTIONS,
  examples: ['git-credentials -a shop', 'git-credentials --all-apps'],
  run: async (call) => {
    const list = await createGitCalls(call.rack().connection).listCredentials(ownerOf(call));
    const rows = list.map(({ host, kind, username, fingerprint }) => [host, kind, fingerprint, username]);
    const headings = ['HOST', 'KIND', 'FINGERPRINT', 'USERNAME'];
    printTable(call, { json: list.map(({ json }) => json), headings, rows });
  },
};
