import { type CommandDefinition, printResult } from '../command.js';
import { createForgeCalls } from '../http/forge-calls.js';
import { presentOptions } from '../options/present-options.js';
import { readPipedText } from '../options/read-piped-text.js';

/** `convox forges add` */
export const forgesAdd: CommandDefinition = {
  words: '<kind> <host>',
  summary: 'have commits and pull requests of a forge told of their builds; the token is read from stdin',
  options: [
    { flags: '--api-url <url>', description: 'where its API is (default as the kind of forge has it)' },
    { flags: '--file <path>', description: 'read the token from a file' },
  ],
  examples: [
    'forges add github github.com < token',
    'forges add gitlab gitlab.example.org --file token',
    'forges add gitea git.example.org:8443 --api-url https://git.example.org:8443/api/v1 < token',
  ],
  run: async (call) => {
    const [kind = '', host = ''] = call.words;
    const token = await readPipedText(call.text('file'), 'token');
    call.output.start(`Adding forge ${host}`);
    const form = { kind, host, token, ...presentOptions(call, ['api-url']) };
    const added = await createForgeCalls(call.rack().connection).add(form);
    call.output.ok();
    printResult(call, { json: added.json, text: '' });
  },
};
