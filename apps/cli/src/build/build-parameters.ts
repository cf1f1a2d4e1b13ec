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
  { flags: '--branch <name>', description: 'branch of the source (default: what git says)' },
  {
    flags: '-d, --description <text>',
    description: 'description (default: commit and subject, when the folder is clean)',
  },
  { flags: '--development', description: 'build the stage "development", where there is one' },
  { flags: '-m, --manifest <path>', description: 'manifest below the folder (default convox.yml)' },
  { flags: '--no-cache', description: 'build every step anew' },
  { flags: '--submodules', description: 'fetch the submodules of a git repository, too' },
  { flags: '--supersede', description: 'cancel builds of the same app and branch that still wait' },
  { flags: '--wildcard-domain', description: 'accepted for compatibility' },
];

function buildArguments(pairs: readonly string[]): WireParameters {
  const bad = pairs.findIndex((pair) => !/^[^=\s]+(?:=|$)/.test(pair));
  // By its number: it may be a part of a secret.
  if (bad !== -1) throw new Error(`--build-args must be KEY=VALUE or KEY, and number ${bad + 1} is neither`);
  // The list as JSON is what our racks read: a value may hold commas. The joined form is for the others.
  return pairs.length === 0 ? {} : { 'build-args': pairs.join(','), 'build-args-json': JSON.stringify(pairs) };
}

function flagParameters(call: CommandCall): WireParameters {
  const given = ['development', 'no-cache', 'submodules', 'supersede', 'wildcard-domain'].filter((name) =>
    call.flag(name),
  );
  return Object.fromEntries(given.map((name) => [name, 'true']));
}

/** What `POST …/builds` gets beside the address of the source. */
export function buildParameters(call: CommandCall, source: SourceDescription): WireParameters {
  const branch = call.text('branch') ?? source.branch;
  if (call.flag('supersede') && branch === undefined) {
    throw new Error('--supersede needs a branch, and git names none here: give it with --branch');
  }
  const description = call.text('description') ?? source.description;
  return {
    ...buildArguments(call.texts('build-args')),
    ...(description === undefined ? {} : { description }),
    ...presentOptions(call, ['manifest']),
    ...flagParameters(call),
    ...(branch === undefined ? {} : { 'git-branch': branch }),
    ...(source.commit === undefined ? {} : { 'git-sha': source.commit }),
  };
}
