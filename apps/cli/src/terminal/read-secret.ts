import { text } from 'node:stream/consumers';
import { canAsk } from './read-line.js';

const INTERRUPTED_EXIT_CODE = 130;
const MAX_LENGTH = 64 * 1024;

/** What is typed up to the end of the line, with what was rubbed out left out. */
class TypedLine {
  text = '';
  isEnded = false;

  add(typed: string): void {
    for (const character of typed) {
      if (this.isEnded) return;
      if (character === '\r' || character === '\n' || character === '\u0004') this.isEnded = true;
      else if (character === '\u007f' || character === '\b') this.text = [...this.text].slice(0, -1).join('');
      else if (character === '\u0015') this.text = '';
      else if (!/\p{Cc}/u.test(character)) this.text += character;
    }
  }
}

/** Reads a line without showing it. In raw mode the terminal leaves Ctrl-C to us. */
async function readHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const line = new TypedLine();
  stdin.setRawMode(true).setEncoding('utf8');
  // Not before: what is typed at once would show.
  stderr.write(question);
  try {
    for await (const typed of stdin as AsyncIterable<string>) {
      if (typed.includes('\u0003')) process.exit(INTERRUPTED_EXIT_CODE);
      line.add(typed);
      if (line.isEnded) break;
    }
    return line.text;
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

/**
 * Reads a secret: on a terminal by a question whose answer does not show, else from standard input to its end.
 *
 * @throws {Error} when it is empty, or more than one line
 */
export async function readSecret(what: string): Promise<string> {
  const secret = canAsk() ? await readHidden(`${what}: `) : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (secret === '') throw new Error('no password given: type it when asked, or send it on standard input');
  if (/\p{Cc}/u.test(secret) || secret.length > MAX_LENGTH) throw new Error('a password is one line of text');
  return secret;
}
