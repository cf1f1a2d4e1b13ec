import { type CommandCall, type CommandDefinition, printResult } from '../command.js';
import { createGitCalls } from '../http/git-calls.js';
import { OWNER_OPTIONS, ownerOf } from '../options/git-owner.js';
import { presentOptions } from '../options/present-options.js';
import { readPipedText } from '../options/read-piped-text.js';

async function readHostKeys(call: CommandCall, kind: string): Promise<string | undefined> {
  const path = call.text('host-key');
  if (path === undefined) return undefined;
  if (kind !== 'ssh-key') throw new Error('--host-key is about ssh servers: give --ssh-key too');
  return readPipedText(path, 'host key');
}

/** `convox git-credentials add` */
export const gitCredentialsAdd: CommandDefinition = {
  words: '<host>',
  summary: 'give builds a token, a password or an ssh key for a git server; it is read from stdin',
  options: [
    ...OWNER_OPTIONS,
    { flags: '--ssh-key', description: 'it is a private key for ssh, without a passphrase' },
    { flags: '--username <name>', description: 'user of a token, where the server wants a certain one' },
    { flags: '--file <path>', description: 'read it from a file' },
    { flags: '--host-key <path>', description: 'pin the keys of the ssh server that are in a file, and no others' },
  ],
  examples: [
    'git-credentials add git.example.org -a shop < token',
    'git-credentials add git.example.org --ssh-key --file deploy_key --host-key known_hosts -a shop',
    'git-credentials add git.example.org:8443 --username ci --all-apps < token',
  ],
  run: async (call) => {
    const [host = ''] = call.words;
    const kind = call.flag('ssh-key') ? 'ssh-key' : 'token';
    const secret = await readPipedText(call.text('file'), kind === 'token' ? 'token' : 'key');
    const hostKeys = await readHostKeys(call, kind);
    call.output.start(`Adding ${kind} for ${host}`);
    const git = createGitCalls(call.rack().connection);
    if (hostKeys !== undefined) await git.pinHost(host, hostKeys);
    const form = { host, kind, secret, ...presentOptions(call, ['username']) };
    await git.addCredential(ownerOf(call), form);
    call.output.ok();
    printResult(call, { json: { host, kind }, text: '' });
  },
};
