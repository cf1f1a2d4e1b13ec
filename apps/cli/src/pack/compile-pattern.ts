import { translateGoRegExp } from './translate-go-regexp.js';

/** Tells whether a path (slashes, no leading one) matches. */
export type PathTest = (path: string) => boolean;

type Kind = 'exact' | 'prefix' | 'suffix' | 'regexp';

// Docker means to escape `|{}` too, but its bitmap has no room for characters above 63: they stay regexp operators.
const ESCAPED = new Set('.+()$');

interface Piece {
  readonly regexp: string;
  readonly length: number;
  readonly kind?: Kind;
}

function doubleStar(rest: readonly string[], kind: Kind): Piece {
  const length = rest[2] === '/' ? 3 : 2;
  if (length < rest.length) return { regexp: '(.*/)?', length, kind: 'regexp' };
  return kind === 'exact' ? { regexp: '', length, kind: 'prefix' } : { regexp: '.*', length, kind: 'regexp' };
}

function nextPiece(rest: readonly string[], kind: Kind): Piece {
  const [first = '', second] = rest;
  if (first === '*' && second === '*') return doubleStar(rest, kind);
  if (first === '*') return { regexp: '[^/]*', length: 1, kind: 'regexp' };
  if (first === '?') return { regexp: '[^/]', length: 1, kind: 'regexp' };
  if (ESCAPED.has(first)) return { regexp: `\\${first}`, length: 1 };
  if (first === '\\' && second !== undefined) return { regexp: `\\${second}`, length: 2, kind: 'regexp' };
  if (first === '[' || first === ']') return { regexp: first, length: 1, kind: 'regexp' };
  return { regexp: first, length: 1 };
}

function testSuffix(suffix: string): PathTest {
  return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
}

/**
 * Compiles one cleaned pattern to a test, step by step as Docker does (`moby/patternmatcher`, `Pattern.compile`), so that
 * its peculiarities are ours: a leading `**` takes the rest literally only when nothing else in it is special.
 *
 * @throws {SyntaxError} when Docker's regular expression would be invalid
 */
export function compilePattern(pattern: string): PathTest {
  const characters = [...pattern.replace(/^\ufeff/, '')];
  let kind: Kind = 'exact';
  let regexp = '^';
  for (let at = 0; at < characters.length; ) {
    const piece = nextPiece(characters.slice(at), kind);
    kind = piece.kind ?? kind;
    if (at === 0 && characters[0] === '*' && characters[1] === '*') kind = 'suffix';
    regexp += piece.regexp;
    at += piece.length;
  }
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') return (path) => path.startsWith(pattern.slice(0, -2));
  if (kind === 'suffix') return testSuffix(pattern.slice(2));
  const compiled = translateGoRegExp(`${regexp}$`);
  return (path) => compiled.test(path);
}
