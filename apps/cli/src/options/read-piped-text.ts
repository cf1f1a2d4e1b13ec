import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/**
 * Reads what is to be kept from a file or, by default or as `-`, from standard input: in an argument everybody on the
 * machine could see it.
 *
 * @throws {Error} when there is nothing
 */
export async function readPipedText(file: string | undefined, what: string): Promise<string> {
  const isFromInput = file === undefined || file === '-';
  if (isFromInput && process.stdin.isTTY)
    throw new Error(`pipe ${what} into this command${file === undefined ? ', or give its file with --file' : ''}`);
  const given = isFromInput ? await text(process.stdin) : await readFile(file, 'utf8');
  if (given.trim() === '') throw new Error(`there is no ${what} in ${isFromInput ? 'what was piped in' : file}`);
  return given;
}
