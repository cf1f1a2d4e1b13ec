import { compilePattern } from './compile-pattern.js';

const MAX_LENGTH = 250;

interface Rule {
  readonly isNegation: boolean;
  readonly matches: (text: string) => boolean;
}

const ruleFrom = (pattern: string): Rule => {
  const isNegation = pattern.startsWith('!');
  return { isNegation, matches: compilePattern(isNegation ? pattern.slice(1) : pattern) };
};

function applyRules(rules: readonly Rule[], text: string): boolean {
  const last = rules.findLast(({ matches }) => matches(text));
  return last === undefined ? rules.every(({ isNegation }) => isNegation) : !last.isNegation;
}

/** Tells whether a text can be a pattern: not empty, of one line, of 250 characters at most. */
export function isPattern(text: string): boolean {
  return text.length <= MAX_LENGTH && /^!?[^!\p{Cc}][^\p{Cc}]*$/u.test(text);
}

/**
 * Tells whether the name of a branch or a tag, or a path, matches a list of patterns. `*` stands for any characters but `/`, `**`
 * for any at all, `?` for one that is not `/`; `**` + `/` at the beginning of a name may be nothing, so that a pattern of it and
 * `README.md` matches that file in every folder. Everything else stands for itself, and case counts. A pattern that begins with
 * `!` takes back; of those that match, the last one decides. A list of nothing but `!` begins with everything, as does one that is
 * empty. Takes time in proportion to the text and to the patterns, whatever is in them.
 */
export function matchesPattern(patterns: readonly string[], text: string): boolean {
  return applyRules(patterns.map(ruleFrom), text);
}

/** Tells whether one of the changed paths matches the patterns; also when it is not known what has changed. */
export function matchesPaths(patterns: readonly string[], changedPaths: readonly string[] | undefined): boolean {
  if (changedPaths === undefined || patterns.length === 0) return true;
  const rules = patterns.map(ruleFrom);
  return changedPaths.some((path) => applyRules(rules, path));
}
