import { type CommandDefinition, printResult } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';
import { OWNER_OPTIONS, ownerOf } from '../options/git-owner.js';
import { presentOptions } from '../options/present-options.js';

/** `convox git-credentials remove` */
export const gitCredentialsRemove: CommandDefinition = {
  words: '<host>',
  summary: 'take from builds what they have for a git server',
  options: [...OWNER_OPTIONS, { flags: '--kind <kind>', description: 'token or ssh-key (default: both)' }],
  examples: ['git-credentials remove git.example.org -a shop', 'git-credentials remove git.example.org --kind token'],
  run: async (call) => {
    const [host = ''] = call.words;
    call.output.start(`Removing credentials for ${host}`);
    const query = presentOptions(call, ['kind']);
    await createGitCalls(call.rack().connection).removeCredential(ownerOf(call), host, query);
    call.output.ok();
    printResult(call, { json: { host }, text: '' });
  },
};
