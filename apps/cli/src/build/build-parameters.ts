import type { CommandCall, OptionDefinition } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import { presentOptions } from '../options/present-options.js';
import type { SourceDescription } from './describe-source.js';

/** The options that are sent with a build. */
export const PARAMETER_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: '--build-args <pair>',
    description: "build argument KEY=VALUE, or KEY for the builder's own; repeatable",
    isRepeatable: true,
  },
  {
    flags: '-d, --description <text>',
    description: 'description (default: commit and subject, when the folder is clean)',
  },
  { flags: '--development', description: 'build the stage "development", where there is one' },
  { flags: '-m, --manifest <path>', description: 'manifest below the folder (default convox.yml)' },
  { flags: '--no-cache', description: 'build every step anew' },
  { flags: '--wildcard-domain', description: 'accepted for compatibility' },
];

function buildArguments(pairs: readonly string[]): WireParameters {
  const bad = pairs.find((pair) => !/^[^=\s]+(?:=|$)/.test(pair));
  if (bad !== undefined) throw new Error(`--build-args must be KEY=VALUE or KEY, not "${bad}"`);
  // The list as JSON is what our racks read: a value may hold commas. The joined form is for the others.
  return pairs.length === 0 ? {} : { 'build-args': pairs.join(','), 'build-args-json': JSON.stringify(pairs) };
}

function flagParameters(call: CommandCall): WireParameters {
  const given = ['development', 'no-cache', 'wildcard-domain'].filter((name) => call.flag(name));
  return Object.fromEntries(given.map((name) => [name, 'true']));
}

/** What `POST …/builds` gets beside the address of the source. */
export function buildParameters(call: CommandCall, source: SourceDescription): WireParameters {
  const description = call.text('description') ?? source.description;
  return {
    ...buildArguments(call.texts('build-args')),
    ...(description === undefined ? {} : { description }),
    ...presentOptions(call, ['manifest']),
    ...flagParameters(call),
    ...(source.commit === undefined ? {} : { 'git-sha': source.commit }),
  };
}
