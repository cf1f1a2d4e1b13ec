import { type CommandDefinition, printResult } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';
import { readPipedText } from '../options/read-piped-text.js';

/** `convox git-hosts add` */
export const gitHostsAdd: CommandDefinition = {
  words: '<host>',
  summary: 'pin the keys of an ssh server, and no others; compare the fingerprints with those that its owner tells',
  options: [{ flags: '--file <path>', description: 'read the keys from a file' }],
  examples: ['git-hosts add git.example.org < keys', 'git-hosts add git.example.org:2222 --file known_hosts'],
  run: async (call) => {
    const [host = ''] = call.words;
    const keys = await readPipedText(call.text('file'), 'key');
    call.output.start(`Pinning ${host}`);
    const pinned = await createGitCalls(call.rack().connection).pinHost(host, keys);
    call.output.ok();
    const text = pinned.map(({ key, fingerprint }) => `${key.split(' ')[0]} ${fingerprint}\n`).join('');
    printResult(call, { json: pinned.map(({ json }) => json), text });
  },
};
