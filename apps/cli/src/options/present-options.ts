import type { CommandCall } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';

/** The options among `names` that were given, under the same names: absent ones must not be sent as empty. */
export function presentOptions(call: CommandCall, names: readonly string[]): WireParameters {
  const given = names.map((name) => [name, call.text(name)] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
