/**
 * A part of a pattern. `star` is `*`, `all` is `**` at the end, `folders` is `**` and a slash: nothing, or anything that
 * ends with a slash.
 */
export type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'class'; readonly test: (char: string) => boolean }
  | { readonly kind: 'one' | 'star' | 'all' | 'folders' };

/** What one character does at each place: it goes on to the next one, comes to the same one again, or stays inside of it. */
interface Moves {
  readonly on: Uint32Array;
  readonly again: Uint32Array;
  readonly inside: Uint32Array;
}

/** Paths with more different characters than this are rare, and moves can be found again. */
const MAX_KNOWN_CHARS = 256;

const isSkippable = ({ kind }: Token) => kind === 'star' || kind === 'all' || kind === 'folders';

function goesOn(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  if (token.kind === 'class') return token.test(char);
  return token.kind === 'one' ? char !== '/' : token.kind === 'folders' && char === '/';
}

function comesAgain({ kind }: Token, char: string): boolean {
  return (kind === 'star' && char !== '/') || (kind === 'all' && char !== '\n');
}

/**
 * Compiles a pattern. All ways through it are walked at once, as bits (Baeza-Yates and Gonnet, "A new approach to text
 * searching", 1992): bit `n` is the place before token `n`, the last one behind all. A path takes its length times a
 * 32nd of the pattern's, whatever a stranger writes. At most two tokens in a row can be skipped.
 */
export function compileTokens(tokens: readonly Token[]): (path: string) => boolean {
  const words = (tokens.length >>> 5) + 1;
  const placesOf = (test: (token: Token) => boolean): Uint32Array => {
    const places = new Uint32Array(words);
    for (const [at, token] of tokens.entries()) if (test(token)) setBit(places, at);
    return places;
  };
  const skippable = placesOf(isSkippable);
  const start = new Uint32Array(words);
  for (let at = 0, isOpen = true; isOpen; at++) {
    setBit(start, at);
    isOpen = hasBit(skippable, at);
  }
  const known = new Map<string, Moves>();
  const movesOf = (char: string): Moves => {
    const found = known.get(char);
    if (found !== undefined) return found;
    if (known.size === MAX_KNOWN_CHARS) known.clear();
    const moves = {
      on: placesOf((token) => goesOn(token, char)),
      again: placesOf((token) => comesAgain(token, char)),
      inside: placesOf(({ kind }) => kind === 'folders' && char !== '\n'),
    };
    known.set(char, moves);
    return moves;
  };
  const end = literalEnd(tokens);
  return (path) => {
    if (!path.endsWith(end)) return false;
    const places = start.slice();
    for (const char of path) if (!walk(places, movesOf(char), skippable)) return false;
    return hasBit(places, tokens.length);
  };
}

/** What everything ends with that matches: most paths need not be looked at any further. */
function literalEnd(tokens: readonly Token[]): string {
  const last = tokens.findLastIndex(({ kind }) => kind !== 'char');
  return tokens.slice(last + 1).reduce((end, token) => (token.kind === 'char' ? end + token.char : end), '');
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}

function hasBit(bits: Uint32Array, at: number): boolean {
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

/** Walks on by one character; `false` when no way is left. */
function walk(places: Uint32Array, { on, again, inside }: Moves, skippable: Uint32Array): boolean {
  let [carry, firstCarry, secondCarry, left] = [0, 0, 0, 0];
  for (let word = 0; word < places.length; word++) {
    const here = places[word] ?? 0;
    const skip = skippable[word] ?? 0;
    const gone = here & (on[word] ?? 0);
    let entered = (gone << 1) | carry | (here & (again[word] ?? 0));
    carry = gone >>> 31;
    const first = entered & skip;
    entered |= (first << 1) | firstCarry;
    firstCarry = first >>> 31;
    const second = entered & skip;
    entered |= (second << 1) | secondCarry;
    secondCarry = second >>> 31;
    const next = entered | (here & (inside[word] ?? 0));
    places[word] = next;
    left |= next;
  }
  return left !== 0;
}
