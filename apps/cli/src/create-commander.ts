import { Command, CommanderError, Option } from 'commander';
import { COMMON_OPTIONS, type CommandDefinition, type OptionDefinition } from './command.js';
import { COMMANDS } from './command-table.js';
import { createUnknownCommandError } from './select-command.js';
import { formatRows } from './terminal/format-rows.js';

/** What was given on the command line. */
export interface ParsedCall {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

function toOption({ flags, description, isRepeatable, isHidden }: OptionDefinition): Option {
  const option = new Option(flags, description);
  if (isRepeatable)
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return isHidden ? option.hideHelp() : option;
}

/** The commands whose names begin with this one's. */
function formatSubcommands(name: string): string {
  const below = COMMANDS.filter((entry) => entry.name.startsWith(`${name} `));
  const rows = below.map((entry) => [`  ${entry.name}`, entry.summary] as const);
  return rows.length === 0 ? '' : `Commands:\n${formatRows(rows)}\n`;
}

function formatExamples({ examples }: CommandDefinition): string {
  return examples.map((line) => `  convox ${line}`).join('\n');
}

function createCommander(name: string, definition: CommandDefinition): Command {
  const command = new Command(`convox ${name}`).description(definition.summary).exitOverride().helpOption('-h, --help');
  command.configureOutput({ writeErr: () => {} });
  if (definition.words !== undefined) command.arguments(definition.words);
  for (const option of [...definition.options, ...COMMON_OPTIONS]) command.addOption(toOption(option));
  command.addHelpText('after', `\n${formatSubcommands(name)}Examples:\n${formatExamples(definition)}`);
  return command;
}

/**
 * Reads the arguments of one command.
 *
 * @returns `undefined` when help was asked for, and printed
 * @throws {Error} in one line, for arguments that do not fit
 */
export function parseCall(
  name: string,
  definition: CommandDefinition,
  argv: readonly string[],
): ParsedCall | undefined {
  const command = createCommander(name, definition);
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    // Where a command takes no words, the first one was to be part of its name.
    if (error.code === 'commander.excessArguments' && definition.words === undefined) {
      throw createUnknownCommandError(COMMANDS, `${name} ${command.args[0] ?? ''}`);
    }
    // What begins as an option may go on with a value, or be a key in PEM: that is not shown.
    const shown =
      error.code === 'commander.unknownOption' ? error.message.replace(/'(-+[\w-]*)[^']*'/, "'$1'") : error.message;
    const message = shown.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    throw new Error(`${message} (see: convox ${name} --help)`, { cause: error });
  }
  return { words: command.args, values: command.opts() };
}
