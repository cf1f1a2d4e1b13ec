import { type CommandDefinition, printTable } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';

/** `convox git-hosts` */
export const gitHosts: CommandDefinition = {
  summary: 'list the ssh servers whose keys are pinned or come with the rack',
  options: [],
  examples: ['git-hosts'],
  run: async (call) => {
    const list = await createGitCalls(call.rack().connection).listHosts();
    const rows = list.map(({ host, key, fingerprint, isShipped }) => [
      ...[host, key.split(' ')[0] ?? '', fingerprint, isShipped ? 'shipped' : 'pinned'],
    ]);
    printTable(call, {
      json: list.map(({ json }) => json),
      headings: ['HOST', 'KIND', 'FINGERPRINT', 'KNOWN BY'],
      rows,
    });
  },
};
