import { type CommandCall, type CommandDefinition, printResult } from '../command.js';
import { createRackClient } from '../http/rack-client.js';
import { createRackConnection } from '../http/rack-connection.js';
import type { System } from '../http/rack-objects.js';
import { parseRackAddress, type RackAddress } from '../rack/rack-address.js';
import { RackSettings } from '../rack/rack-settings.js';
import { readSecret } from '../terminal/read-secret.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The address with a password, its own or one that is asked for, and what to call it. */
async function completeAddress(call: CommandCall, text: string): Promise<{ url: string; baseUrl: string }> {
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const { baseUrl } = parseRackAddress(url, 'the argument');
  const { username, password, protocol } = new URL(url);
  if (password !== '') {
    call.output.warn('warning: others on this machine can see an argument: leave out the password to be asked for it');
    return { url, baseUrl };
  }
  const secret = encodeURIComponent(await readSecret(`Password of ${baseUrl}`));
  return { url: baseUrl.replace(`${protocol}//`, `${protocol}//${username || 'convox'}:${secret}@`), baseUrl };
}

async function askSystem(call: CommandCall, address: RackAddress): Promise<System> {
  const rack = createRackClient(createRackConnection(address, call.environment));
  try {
    return await rack.getSystem();
  } finally {
    rack.connection.close();
  }
}

function chooseName(call: CommandCall, { name: own }: System, address: RackAddress): string {
  const given = call.text('name');
  if (given !== undefined && !NAME.test(given)) {
    throw new Error(`--name must be letters, digits, ".", "_" and "-", not "${given}"`);
  }
  const name = given ?? (NAME.test(own) ? own : new URL(address.baseUrl).hostname.replace(/[^A-Za-z0-9.-]/g, ''));
  const settings = new RackSettings(call.environment.settingsFolder);
  const isTaken = settings.listNames().includes(name) && settings.readAddress(name).baseUrl !== address.baseUrl;
  if (given === undefined && isTaken) {
    throw new Error(`another rack is known as ${name} already: give this one another name with --name`);
  }
  return name;
}

/** `convox login` */
export const login: CommandDefinition = {
  words: '<address>',
  summary: 'remember a rack; its password is asked for, or read from stdin, and kept in a file that only you can read',
  options: [{ flags: '--name <name>', description: 'what to call the rack (default: what it calls itself)' }],
  examples: ['login https://rack.example.org', 'login http://127.0.0.1:5080 --name local < password.txt'],
  run: async (call) => {
    const { url, baseUrl } = await completeAddress(call, call.words[0] ?? '');
    const address = parseRackAddress(url, baseUrl);
    const settings = new RackSettings(call.environment.settingsFolder);
    call.output.start(`Logging in to ${address.baseUrl}`);
    const name = chooseName(call, await askSystem(call, address), address);
    settings.remember(name, url);
    call.output.ok(name);
    const isFirst = settings.findChosenName() === undefined;
    if (isFirst) settings.choose(name);
    if (!isFirst && settings.findChosenName() !== name) call.output.line(`Use it with: convox switch ${name}`);
    printResult(call, {
      json: { name, address: address.baseUrl, current: settings.findChosenName() === name },
      text: '',
    });
  },
};
