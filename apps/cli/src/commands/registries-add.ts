import { type CommandDefinition, printResult } from '../command.js';
import { readSecret } from '../terminal/read-secret.js';

/** `convox registries add` */
export const registriesAdd: CommandDefinition = {
  words: '<server> <username> [password]',
  summary: 'give the rack access to a registry; the password is asked for, or read from stdin',
  options: [],
  examples: [
    'registries add registry.example.org builder',
    'registries add registry.example.org builder < password.txt',
  ],
  run: async (call) => {
    const [server = '', username = '', argument] = call.words;
    if (argument !== undefined) {
      call.output.warn(
        'warning: others on this machine can see an argument: leave out the password to be asked for it',
      );
    }
    const password = argument ?? (await readSecret(`Password of ${username} at ${server}`));
    call.output.start('Adding registry');
    const added = await call.rack().addRegistry({ server, username, password });
    call.output.ok();
    printResult(call, { json: added.json, text: '' });
  },
};
