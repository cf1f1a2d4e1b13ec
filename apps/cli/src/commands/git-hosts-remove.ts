import { type CommandDefinition, printResult } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';

/** `convox git-hosts remove` */
export const gitHostsRemove: CommandDefinition = {
  words: '<host>',
  summary: 'believe an ssh server no more',
  options: [],
  examples: ['git-hosts remove git.example.org'],
  run: async (call) => {
    const [host = ''] = call.words;
    call.output.start(`Removing ${host}`);
    await createGitCalls(call.rack().connection).forgetHost(host);
    call.output.ok();
    printResult(call, { json: { host }, text: '' });
  },
};
