import { formatBash, formatZsh } from './format-bash.js';
import { formatFish } from './format-fish.js';
import { listCompletions } from './list-completions.js';

const FORMATS = { bash: formatBash, fish: formatFish, zsh: formatZsh } as const;

function isShell(text: string): text is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, text);
}

/**
 * Writes the completion script for a shell.
 *
 * @throws {Error} when there is none for it
 */
export async function formatCompletion(shell: string): Promise<string> {
  if (!isShell(shell)) throw new Error(`no completion for "${shell}": expected bash, zsh or fish`);
  return FORMATS[shell](await listCompletions());
}
