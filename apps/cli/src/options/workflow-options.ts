import type { CommandCall, OptionDefinition } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import { presentOptions } from './present-options.js';

const REPEATABLE = { isRepeatable: true } as const;

/** What of a workflow may be changed. */
export const WORKFLOW_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--branch <pattern>', description: 'branches, such as main or release/*; repeatable', ...REPEATABLE },
  { flags: '--tag <pattern>', description: 'tags that are pushed; repeatable', ...REPEATABLE },
  { flags: '--path <pattern>', description: 'only when such a path changes; repeatable', ...REPEATABLE },
  { flags: '--apps <names>', description: 'apps that are built, separated by commas (default its own)' },
  { flags: '--build-args <pair>', description: 'build argument KEY=VALUE; repeatable', ...REPEATABLE },
  { flags: '-m, --manifest <path>', description: 'manifest in the repository (default convox.yml)' },
  { flags: '--promote <how>', description: 'automatic, or manual (default automatic for pushes and review apps)' },
  { flags: '--before <command>', description: 'to be run before a promotion: a service and its command' },
  { flags: '--after <command>', description: 'to be run after a promotion' },
  { flags: '--concurrency <how>', description: 'queue, or supersede: a newer change stops an older one' },
  { flags: '--forks <yes>', description: 'true: build pull requests from other repositories, too' },
  { flags: '--review-apps <yes>', description: 'true: an app of its own for each pull request, while it is open' },
  { flags: '--submodules <yes>', description: 'true: fetch submodules, too' },
  { flags: '--poll <yes>', description: 'true: the rack looks for pushes itself, without webhooks' },
];

const PLAIN_OPTIONS = [
  ...['apps', 'manifest', 'promote', 'before', 'after', 'concurrency'],
  ...['forks', 'review-apps', 'submodules', 'poll'],
];

/** An option that may be given several times, as lines. */
function lines(call: CommandCall, option: string, field: string): WireParameters {
  const values = call.texts(option);
  return values.length === 0 ? {} : { [field]: values.join('\n') };
}

/** What was given of {@link WORKFLOW_OPTIONS}, as the rack is told. */
export function workflowForm(call: CommandCall): WireParameters {
  const pairs = call.texts('build-args');
  return {
    ...lines(call, 'branch', 'branches'),
    ...lines(call, 'tag', 'tags'),
    ...lines(call, 'path', 'paths'),
    ...(pairs.length === 0 ? {} : { 'build-args-json': JSON.stringify(pairs) }),
    ...presentOptions(call, PLAIN_OPTIONS),
  };
}
