import type { Environment } from './environment.js';
import type { RackClient } from './http/rack-client.js';
import { formatRows } from './terminal/format-rows.js';
import { formatTable } from './terminal/format-table.js';
import type { Output } from './terminal/output.js';

/** One option of a command. */
export interface OptionDefinition {
  /** As commander reads it, e.g. `-l, --limit <count>`. */
  readonly flags: string;
  readonly description: string;
  readonly isRepeatable?: true;
  readonly isHidden?: true;
}

/** What the person gave, and what a command works with. */
export interface CommandCall {
  readonly environment: Environment;
  readonly output: Output;
  readonly isJson: boolean;
  /** The arguments that are no options. */
  readonly words: readonly string[];
  /** An option's value, `undefined` when it was not given. */
  text(name: string): string | undefined;
  /** The values of a repeatable option. */
  texts(name: string): readonly string[];
  /** Whether an option without a value was given. */
  flag(name: string): boolean;
  /** The app that is meant. */
  appName(): string;
  /** The rack that is meant. */
  rack(): RackClient;
}

/** A command: how it is called and what it does. */
export interface CommandDefinition {
  /** Arguments as commander reads them, e.g. `[dir]` or `<id>`. */
  readonly words?: string;
  readonly summary: string;
  readonly options: readonly OptionDefinition[];
  /** Lines of the help, without the leading `convox `. */
  readonly examples: readonly string[];
  readonly run: (call: CommandCall) => Promise<void>;
}

/** The options that several commands share. */
export const APP_OPTION: OptionDefinition = {
  flags: '-a, --app <name>',
  description: "app (else .convox/app, else the folder's name)",
};
export const ID_OPTION: OptionDefinition = {
  flags: '--id',
  description: 'print the bare release id on stdout, all else on stderr',
};
export const LIMIT_OPTION: OptionDefinition = {
  flags: '-l, --limit <count>',
  description: 'number of rows (default 10)',
};
export const WATCH_OPTION: OptionDefinition = {
  flags: '--watch <seconds>',
  description: 'repeat the list every so many seconds',
};
export const FORCE_OPTION: OptionDefinition = { flags: '--force', description: 'promote although the app is updating' };
export const REVEAL_OPTION: OptionDefinition = { flags: '--reveal', description: 'show masked values', isHidden: true };

/** The options that every command has. */
export const COMMON_OPTIONS: readonly OptionDefinition[] = [
  { flags: '-r, --rack <name>', description: 'rack (else RACK_URL, CONVOX_RACK, .convox/rack, the settings)' },
  { flags: '--json', description: 'print one JSON document on stdout, all else on stderr' },
  { flags: '-w, --wait', description: 'accepted for compatibility', isHidden: true },
];

/** Prints a list: the JSON document with `--json`, else a table. */
export function printTable(
  call: CommandCall,
  { json, headings, rows }: { json: unknown; headings: readonly string[]; rows: readonly (readonly string[])[] },
): void {
  printResult(call, { json, text: call.isJson ? '' : formatTable(headings, rows, call.output.look) });
}

/** Prints one thing: the JSON document with `--json`, else rows of header and value. */
export function printRows(
  call: CommandCall,
  { json, rows }: { json: unknown; rows: readonly (readonly [string, string])[] },
): void {
  printResult(call, { json, text: call.isJson ? '' : formatRows(rows, call.output.look) });
}

/** Prints a result: the JSON document with `--json`, else the text. */
export function printResult(call: CommandCall, { json, text }: { json: unknown; text: string }): void {
  call.output.result(call.isJson ? `${JSON.stringify(json, undefined, 2)}\n` : text);
}
