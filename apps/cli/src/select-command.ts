import type { CommandEntry } from './command-table.js';
import { findSimilar } from './find-similar.js';

/** A command that was found, and the arguments that are left for it. */
export interface SelectedCommand {
  readonly entry: CommandEntry;
  readonly argv: readonly string[];
}

/** Says that there is no such command, and which one was probably meant. */
export function createUnknownCommandError(commands: readonly CommandEntry[], typed: string): Error {
  const meant = findSimilar(
    typed,
    commands.map(({ name }) => name),
  );
  return new Error(
    `unknown command: ${typed} (${meant === undefined ? 'see: convox help' : `did you mean ${meant}?`})`,
  );
}

/** As `apps params set` has. */
const MAX_WORDS = 3;

function positionsOfNames(argv: readonly string[]): readonly number[] {
  const positions: number[] = [];
  for (let at = 0; at < argv.length && positions.length < MAX_WORDS; at++) {
    const word = argv[at] ?? '';
    // Options that take a value may come before the command.
    if (/^(?:-a|-r|--app|--rack)$/.test(word)) at++;
    else if (!word.startsWith('-')) positions.push(at);
    else if (word === '--') break;
  }
  return positions;
}

/**
 * Finds the command that the arguments name: as many words as make one.
 *
 * @throws {Error} when there is no such command
 */
export function selectCommand(commands: readonly CommandEntry[], argv: readonly string[]): SelectedCommand | undefined {
  const positions = positionsOfNames(argv);
  for (let count = positions.length; count > 0; count--) {
    const used = positions.slice(0, count);
    const name = used.map((at) => argv[at]).join(' ');
    const entry = commands.find((command) => command.name === name);
    if (entry !== undefined) return { entry, argv: argv.filter((_, at) => !used.includes(at)) };
  }
  const [first] = positions;
  if (first === undefined) return undefined;
  throw createUnknownCommandError(commands, argv[first] ?? '');
}
