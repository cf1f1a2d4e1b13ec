import { text } from 'node:stream/consumers';

function parsePair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  const key = pair.slice(0, Math.max(equals, 0)).trim();
  if (key === '') throw new Error(`cannot set "${pair}": expected KEY=VALUE`);
  const value = pair.slice(equals + 1);
  if (/[\r\n]/.test(value)) throw new Error(`cannot set "${key}": a value must be a single line`);
  return [key, value];
}

async function readLines(): Promise<readonly string[]> {
  const lines = (await text(process.stdin)).split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/**
 * Reads `KEY=VALUE` pairs from the arguments and, when there are none or one is `-`, from the lines of standard input.
 *
 * @throws {Error} when one of them is no pair, or none is given
 */
export async function readPairs(words: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const isFromInput = words.includes('-') || (words.length === 0 && !process.stdin.isTTY);
  const lines = isFromInput ? await readLines() : [];
  const pairs = new Map([...words.filter((word) => word !== '-'), ...lines].map(parsePair));
  if (pairs.size === 0) throw new Error('nothing to set: expected KEY=VALUE');
  return pairs;
}
