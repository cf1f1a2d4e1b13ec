import { assertGlob } from './assert-glob.js';
import { compilePattern, type PathTest } from './compile-pattern.js';
import { cleanPath, trimAsGo } from './go-text.js';

interface Rule {
  readonly text: string;
  readonly isException: boolean;
  readonly test: PathTest;
}

/** What is known of a path, for use with its children: which rule has matched it or one of its parents. */
export type RuleMatches = readonly boolean[];

/** What the rules say of one path. */
export interface Verdict {
  readonly isIgnored: boolean;
  readonly matches: RuleMatches;
}

/** The compiled patterns of a `.dockerignore`. */
export interface IgnoreRules {
  /** Judges a path (slashes, no leading one) below a parent that was judged with `parentMatches`. */
  judge(path: string, parentMatches?: RuleMatches): Verdict;
  /** Tells whether an exception (`!`) could bring back something below an ignored folder. */
  mayContainException(folder: string): boolean;
}

function parseRule(pattern: string): Rule | undefined {
  const trimmed = trimAsGo(pattern);
  if (trimmed === '') return undefined;
  const clean = cleanPath(trimmed);
  const isException = clean.startsWith('!');
  const text = isException ? clean.slice(1) : clean;
  try {
    if (text === '') throw new SyntaxError('nothing after "!"');
    assertGlob(text);
    return { text, isException, test: compilePattern(text) };
  } catch (cause) {
    throw new SyntaxError(`cannot read .dockerignore: bad pattern "${pattern}"`, { cause });
  }
}

/** An exception's text up to its trailing `/*` or `/**`, as BuildKit's walker cuts it (`fsutil/filter.go`). */
function withoutTrailingGlob(text: string): string {
  return text.replace(/\/\*\*$/, '').replace(/\/\*$/, '');
}

function judge(rules: readonly Rule[], path: string, parentMatches: RuleMatches): Verdict {
  let isIgnored = false;
  const matches = rules.map((rule, index) => {
    const isParentMatched = parentMatches[index] ?? false;
    // A rule that could not change the outcome is not asked, and is then taken as "no" for the children: Docker's way.
    if (!isParentMatched && (rule.isException !== isIgnored || !rule.test(path))) return false;
    isIgnored = !rule.isException;
    return true;
  });
  return { isIgnored, matches };
}

/**
 * Compiles ignore patterns to rules that judge a tree from the root down exactly as BuildKit's file sync does
 * (`moby/patternmatcher` `MatchesUsingParentResults`, `tonistiigi/fsutil` `filterFS.Walk`).
 *
 * @throws {SyntaxError} naming the first pattern that Docker would refuse
 */
export function createIgnoreRules(patterns: readonly string[]): IgnoreRules {
  const rules = patterns.map(parseRule).filter((rule) => rule !== undefined);
  const prefixes = rules.filter((rule) => rule.isException).map((rule) => withoutTrailingGlob(rule.text));
  const hasWildcard = prefixes.some((prefix) => /[*[\]?^\\]/.test(prefix));
  return {
    judge: (path, parentMatches = []) => judge(rules, path, parentMatches),
    mayContainException: (folder) => hasWildcard || prefixes.some((prefix) => `${prefix}/`.startsWith(`${folder}/`)),
  };
}
