import { COMMON_OPTIONS, type OptionDefinition } from '../command.js';
import { COMMANDS } from '../command-table.js';

/** An option as a shell completes it. */
export interface CompletedOption {
  /** `--limit` */
  readonly long: string;
  /** `-l`, or `undefined`. */
  readonly short: string | undefined;
  readonly description: string;
  readonly hasValue: boolean;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What the first argument is, where a shell can find it out. */
  readonly argument: 'app' | 'build' | 'rack' | 'release' | undefined;
}

function completeOption({ flags, description }: OptionDefinition): CompletedOption {
  const short = /(?:^|[ ,])(-\w)\b/.exec(flags)?.[1];
  return { long: /--[\w-]+/.exec(flags)?.[0] ?? '', short, description, hasValue: flags.includes('<') };
}

function argumentOf(name: string, words: string | undefined): CompletedCommand['argument'] {
  if (/^<ids?(?:\.\.\.)?>$|^\[id\]$/.test(words ?? '')) return name.startsWith('builds') ? 'build' : 'release';
  if (/^[<[](?:app|name)[\]>]$/.test(words ?? '') && name.startsWith('apps')) return 'app';
  return name === 'switch' || name === 'logout' ? 'rack' : undefined;
}

/** Lists all that a shell may complete, without what the help hides. */
export async function listCompletions(): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => {
      const { words, options } = await load();
      const shown = [...options, ...COMMON_OPTIONS].filter(({ isHidden }) => isHidden !== true);
      return { name, summary, options: shown.map(completeOption), argument: argumentOf(name, words) };
    }),
  );
}
