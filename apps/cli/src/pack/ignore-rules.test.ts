import { readDockerignoreVectors } from '@convox-builds/testing';
import test from 'ava';
import { createIgnoreRules, type IgnoreRules, type RuleMatches } from './ignore-rules.js';
import { parseIgnoreFile } from './parse-ignore-file.js';

const { entries, vectors } = readDockerignoreVectors();

/** Judges the tree from the root down; a folder is kept when it or something in it is. */
function keptOf(rules: IgnoreRules): string {
  const matches = new Map<string, RuleMatches>();
  const kept = new Set<string>();
  for (const path of entries) {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const verdict = rules.judge(path, matches.get(parent));
    matches.set(path, verdict.matches);
    if (verdict.isIgnored) continue;
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) kept.add(at);
  }
  return entries.map((path) => (kept.has(path) ? '1' : '0')).join('');
}

test('parseIgnoreFile(): reads every text to the patterns that Docker reads', (t) => {
  for (const { file, patterns } of vectors) t.deepEqual(parseIgnoreFile(file), patterns, JSON.stringify(file));
});

test('createIgnoreRules(): keeps and drops what Docker keeps and drops', (t) => {
  for (const { file, kept, error } of vectors) {
    const judge = () => keptOf(createIgnoreRules(parseIgnoreFile(file)));
    if (error === true) t.throws(judge, { instanceOf: SyntaxError, message: /bad pattern/ }, JSON.stringify(file));
    else t.is(judge(), kept ?? '', JSON.stringify(file));
  }
});

test('createIgnoreRules(): enters every ignored folder that holds something to keep', (t) => {
  for (const { file, kept = '', error } of vectors) {
    if (error === true) continue;
    const rules = createIgnoreRules(parseIgnoreFile(file));
    entries.forEach((path, index) => {
      const hasKeptChild = entries.some((child, at) => child.startsWith(`${path}/`) && kept[at] === '1');
      if (kept[index] === '1' && hasKeptChild && keptOnlyForChildren(rules, path)) {
        t.true(rules.mayContainException(path), `${JSON.stringify(file)}: ${path}`);
      }
    });
  }
});

function keptOnlyForChildren(rules: IgnoreRules, path: string): boolean {
  let matches: RuleMatches | undefined;
  const names = path.split('/');
  return (
    names
      .map((_, index) => {
        const verdict = rules.judge(names.slice(0, index + 1).join('/'), matches);
        matches = verdict.matches;
        return verdict.isIgnored;
      })
      .at(-1) === true
  );
}
