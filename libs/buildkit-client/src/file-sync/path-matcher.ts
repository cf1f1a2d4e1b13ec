import { posix } from 'node:path';

import { compilePathPattern, hasWildcards } from './path-pattern.js';

/** Characters of all patterns with wildcards: each path takes time, and each pattern memory, in proportion. */
const MAX_WILD_LENGTH = 256 * 1024;

interface Pattern {
  readonly text: string;
  readonly isException: boolean;
  readonly match: (path: string) => boolean;
}

/** Which patterns matched a folder: what is in it need not be tried again. */
export type MatchMemory = readonly boolean[];

/** A list of patterns as in .dockerignore: the last one that matches decides, `!` takes back. */
export interface PathMatcher {
  /** Matches a path, given what its parent's match left behind. */
  readonly match: (path: string, parent: MatchMemory | undefined) => { isMatch: boolean; memory: MatchMemory };
  readonly hasExceptions: boolean;
  readonly patterns: readonly { text: string; isException: boolean }[];
}

function parsePattern(line: string): Pattern | undefined {
  const trimmed = line.trim();
  if (trimmed === '') return undefined;
  const clean = posix.normalize(trimmed).replace(/(?<=.)\/$/, '');
  const isException = clean.startsWith('!');
  const text = isException ? clean.slice(1) : clean;
  if (text === '') throw new SyntaxError(`Cannot use pattern "${trimmed}": "!" needs a path`);
  return { text, isException, match: compilePathPattern(text) };
}

function* parentsOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash);
}

/** A pattern that matches a folder above matches what is in it. */
function matchesParent(pattern: Pattern, path: string): boolean {
  for (const parent of parentsOf(path)) if (pattern.match(parent)) return true;
  return false;
}

/**
 * Compiles a list of patterns; matches exactly as moby/patternmatcher's `MatchesUsingParentResults`.
 *
 * @throws {SyntaxError} for a pattern that Docker refuses
 * @throws {RangeError} for more patterns than any source has
 */
export function createPathMatcher(lines: readonly string[]): PathMatcher {
  const wildLength = lines.filter(hasWildcards).reduce((sum, { length }) => sum + length, 0);
  if (wildLength > MAX_WILD_LENGTH)
    throw new RangeError(`patterns with wildcards have more than ${MAX_WILD_LENGTH} characters`);
  const patterns = lines.flatMap((line) => parsePattern(line) ?? []);
  return {
    patterns,
    hasExceptions: patterns.some(({ isException }) => isException),
    match: (path, parent) => {
      let isMatch = false;
      const memory = patterns.map((pattern, index) => {
        let matched = parent?.[index] ?? false;
        if (!matched) {
          // It could not change the verdict.
          if (pattern.isException !== isMatch) return false;
          matched = pattern.match(path) || (parent === undefined && matchesParent(pattern, path));
        }
        if (matched) isMatch = !pattern.isException;
        return matched;
      });
      return { isMatch, memory };
    },
  };
}
