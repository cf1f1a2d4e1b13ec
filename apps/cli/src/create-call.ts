import type { CommandCall } from './command.js';
import type { ParsedCall } from './create-commander.js';
import { readEnvironment } from './environment.js';
import { createRackClient, type RackClient } from './http/rack-client.js';
import { createRackConnection } from './http/rack-connection.js';
import { findAppName } from './rack/find-app-name.js';
import { findRackAddress } from './rack/find-rack-address.js';
import { createOutput } from './terminal/output.js';

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Equips a parsed command line with all that a command works with. `close` ends what was opened. */
export function createCall({ words, values }: ParsedCall): { readonly call: CommandCall; readonly close: () => void } {
  const environment = readEnvironment();
  const valueOf = (name: string) => values[camelCase(name)];
  const text = (name: string) => {
    const value = valueOf(name);
    return typeof value === 'string' ? value : undefined;
  };
  // `--no-x` arrives as `x: false`.
  const flag = (name: string) => (name.startsWith('no-') ? valueOf(name.slice(3)) === false : valueOf(name) === true);
  const texts = (name: string) => {
    const value = valueOf(name);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const isJson = flag('json');
  const { stdout, stderr } = process;
  let client: RackClient | undefined;
  const rack = () => {
    client ??= createRackClient(createRackConnection(findRackAddress(text('rack'), environment), environment));
    return client;
  };
  const output = createOutput({ stdout, stderr, isResultOnly: isJson || flag('id'), colour: environment.colour });
  const close = () => {
    output.end();
    client?.connection.close();
  };
  const call: CommandCall = {
    environment,
    output,
    isJson,
    words,
    text,
    texts,
    flag,
    appName: () => findAppName(text('app')),
    rack,
  };
  return { call, close };
}
