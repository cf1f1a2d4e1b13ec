import { sanitiseLine } from '@convox-builds/domain';
import { encodeSecret } from './encode-secret.js';
import { MIN_NEEDLE_LENGTH, NeedleSieve } from './needle-sieve.js';
import { NeedleTrie } from './needle-trie.js';

/** What stands in the place of a secret. */
export const MASK = '****';

/** A part of a text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Knows the secrets of a build. */
export interface SecretMasker {
  /** Replaces every secret in a text by {@link MASK}; secrets that overlap together. */
  readonly mask: (text: string) => string;
  /** Where secrets are, in order; those that overlap are one range. */
  readonly find: (text: string) => readonly TextRange[];
  /** The length of the longest thing it looks for. */
  readonly maxLength: number;
}

/**
 * Characters of all encodings together, each of which costs an attempt 18 bytes. An environment may have a million
 * characters, and thirty encodings.
 */
const MAX_ENCODED_LENGTH = 2 * 1024 ** 2;

// Shorter values would blank out half of an ordinary log.
const isLongEnough = ({ length }: string) => length >= MIN_NEEDLE_LENGTH;

/** What is looked for: values, and their lines, since they come out line by line; and the encodings of these. */
function needlesOf(secrets: Iterable<string>): ReadonlySet<string> {
  const parts = [...secrets].flatMap((secret) => [secret, ...secret.split(/\r\n|\n|\r/)]).filter(isLongEnough);
  const needles = new Set(parts.flatMap((part) => [part, sanitiseLine(part)]).filter(isLongEnough));
  let encodedLength = 0;
  // Passwords and keys are short; what is long is configuration, which nobody encodes.
  for (const part of [...new Set(parts)].sort((a, b) => a.length - b.length)) {
    // What has escape sequences or tags in it comes out without them.
    const forms = [...encodeSecret(part)].flatMap((form) => [form, sanitiseLine(form)]).filter(isLongEnough);
    encodedLength += forms.reduce((sum, { length }) => sum + length, 0);
    if (encodedLength > MAX_ENCODED_LENGTH) break;
    for (const form of forms) needles.add(form);
  }
  return needles;
}

function findAll(text: string, trie: NeedleTrie): TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = 0, state = 0; at < text.length; at++) {
    state = trie.next(state, text.charCodeAt(at));
    const length = trie.longestAt(state);
    if (length === 0) continue;
    const end = at + 1;
    let start = end - length;
    for (let before = ranges.at(-1); before !== undefined && before.end > start; before = ranges.at(-1)) {
      start = Math.min(start, before.start);
      ranges.pop();
    }
    ranges.push({ start, end });
  }
  return ranges;
}

/**
 * Makes what replaces secrets in the log: the values themselves and their encodings ({@link encodeSecret}). A secret of
 * several lines is masked line by line, too. Values under four characters are left alone. Of very many secrets the longest
 * are masked only where they stand as they are.
 *
 * Takes time in proportion to the text, however many secrets there are.
 */
export function createSecretMasker(secrets: Iterable<string>): SecretMasker {
  const needles = [...needlesOf(secrets)];
  if (needles.length === 0) return { mask: (text) => text, find: () => [], maxLength: 0 };
  const sieve = new NeedleSieve(needles);
  const trie = new NeedleTrie(needles);
  const find = (text: string) => (sieve.mayContain(text) ? findAll(text, trie) : []);
  const mask = (text: string) => {
    const ranges = find(text);
    if (ranges.length === 0) return text;
    const kept = [...ranges, { start: text.length }].map(({ start }, index) => {
      return text.slice(ranges[index - 1]?.end ?? 0, start);
    });
    return kept.join(MASK);
  };
  return { mask, find, maxLength: needles.reduce((max, { length }) => Math.max(max, length), 0) };
}
