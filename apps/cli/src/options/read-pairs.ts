import { text } from 'node:stream/consumers';

/** A pair as it was given. */
interface GivenPair {
  /** For messages: what is no pair may be a part of a secret, such as a line of a key. */
  readonly place: string;
  readonly pair: string;
}

function parsePair({ place, pair }: GivenPair): readonly [string, string] {
  if (/[\r\n]/.test(pair)) throw new Error(`cannot set ${place}: a pair must be a single line`);
  const equals = pair.indexOf('=');
  const key = pair.slice(0, Math.max(equals, 0)).trim();
  if (key === '') throw new Error(`cannot set ${place}: expected KEY=VALUE`);
  return [key, pair.slice(equals + 1)];
}

function toGiven(kind: (number: number) => string, pairs: readonly string[]): readonly GivenPair[] {
  return pairs.map((pair, index) => ({ place: kind(index + 1), pair }));
}

async function readLines(): Promise<readonly GivenPair[]> {
  const lines = (await text(process.stdin)).split('\n').map((line) => line.replace(/\r$/, ''));
  const given = toGiven((number) => `line ${number} of the input`, lines);
  return given.filter(({ pair }) => pair.trim() !== '' && !pair.startsWith('#'));
}

/**
 * Reads `KEY=VALUE` pairs from the arguments and, when there are none or one is `-`, from the lines of standard input.
 *
 * @throws {Error} when one of them is no pair, or none is given
 */
export async function readPairs(words: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const isFromInput = words.includes('-') || (words.length === 0 && !process.stdin.isTTY);
  const given = toGiven((number) => `argument ${number}`, words).filter(({ pair }) => pair !== '-');
  const pairs = new Map([...given, ...(isFromInput ? await readLines() : [])].map(parsePair));
  if (pairs.size === 0) throw new Error('nothing to set: expected KEY=VALUE');
  return pairs;
}
