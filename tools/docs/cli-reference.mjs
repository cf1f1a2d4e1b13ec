import { COMMON_OPTIONS } from '../../apps/cli/dist/command.js';
import { COMMAND_GROUPS } from '../../apps/cli/dist/command-table.js';
import { formatCliReference } from './format-cli-reference.mjs';

/** The reference of the `convox` command, from the definitions of its commands. */
export async function makeCliReference() {
  const text = await formatCliReference({ groups: COMMAND_GROUPS, commonOptions: COMMON_OPTIONS });
  return [{ path: 'docs/cli.md', text }];
}
