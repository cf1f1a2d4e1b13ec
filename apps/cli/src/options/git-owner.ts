import { APP_OPTION, type CommandCall, type OptionDefinition } from '../command.js';

/** The options of all commands about git credentials. */
export const OWNER_OPTIONS: readonly OptionDefinition[] = [
  APP_OPTION,
  { flags: '--all-apps', description: 'those of the whole rack, for every app that has none of its own' },
];

/** Whose credentials are meant: an app's, or (`undefined`) the rack's. */
export function ownerOf(call: CommandCall): string | undefined {
  return call.flag('all-apps') ? undefined : call.appName();
}
