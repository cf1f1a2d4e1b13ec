import { readDockerignoreVectors } from '@convox-builds/testing';
import test from 'ava';

import { compareEntryPaths, type FileEntry, type FileSource, GO_MODE } from './file-source.js';
import { type EntryFilter, filterEntries } from './filter-entries.js';

const NO_FILTER: EntryFilter = { includePatterns: [], excludePatterns: [], followPaths: [] };

/** A source of these paths; those with others below them are folders, `a -> b` is a link. */
function sourceOf(lines: readonly string[]): FileSource {
  const paths = lines.map((line) => line.split(' -> '));
  const entries = paths.map(([path = '', linkTarget = '']): FileEntry => {
    const isFolder = lines.some((other) => other.startsWith(`${path}/`));
    const kind = linkTarget === '' ? (isFolder ? GO_MODE.folder : 0) : GO_MODE.symlink;
    return { path, mode: 0o644 + kind, size: 0, modTimeNs: 0n, linkTarget };
  });
  entries.sort((a, b) => compareEntryPaths(a.path, b.path));
  const find = (path: string) => entries.find((entry) => entry.path === path);
  return { entries, find, read: () => (async function* () {})() };
}

function chosen(source: FileSource, filter: Partial<EntryFilter>): string[] {
  const work = filterEntries(source, { ...NO_FILTER, ...filter });
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value.map(({ path }) => path);
  }
}

/** By accident Docker takes these for regular expressions. Here, where strangers write them, they are what they are. */
const EXPRESSION = /[|(){}+$]|(?<!\[)\^/;

test('filterEntries() leaves out what fsutil leaves out', (t) => {
  const { entries, vectors } = readDockerignoreVectors();
  const source = sourceOf(entries);
  for (const { file, patterns, kept, error } of vectors) {
    // The frontend has refused the bad ones before they come to us.
    if (error === true || patterns.some((pattern) => EXPRESSION.test(pattern))) continue;
    const sent = new Set(chosen(source, { excludePatterns: patterns }));
    t.is(entries.map((path) => (sent.has(path) ? '1' : '0')).join(''), kept ?? '', JSON.stringify(file));
  }
});

const TREE = sourceOf(['a', 'a/b', 'a/b/c', 'a/d', 'e', 'link -> a/b', 'out -> ../etc', 'loop -> loop', 'abs -> /a/d']);

test('filterEntries() without patterns sends everything, folders before their content', (t) => {
  t.deepEqual(chosen(TREE, {}), ['a', 'a/b', 'a/b/c', 'a/d', 'abs', 'e', 'link', 'loop', 'out']);
});

test('filterEntries() includes what is named, with the folders above and all that is below', (t) => {
  t.deepEqual(chosen(TREE, { includePatterns: ['a/b'] }), ['a', 'a/b', 'a/b/c']);
  t.deepEqual(chosen(TREE, { includePatterns: ['a/*', 'nothing'] }), ['a', 'a/b', 'a/b/c', 'a/d']);
});

test('filterEntries() follows links to what they name, and never out of the source or in a circle', (t) => {
  t.deepEqual(chosen(TREE, { followPaths: ['link/c'] }), ['a', 'a/b', 'a/b/c', 'link']);
  t.deepEqual(chosen(TREE, { followPaths: ['abs'] }), ['a', 'a/d', 'abs']);
  t.deepEqual(chosen(TREE, { followPaths: ['loop'] }), ['loop']);
  t.true(!chosen(TREE, { followPaths: ['out'] }).includes('..'));
});

test('filterEntries() with patterns that explode elsewhere takes its time from pattern and path alone', (t) => {
  const path = 'a'.repeat(200);
  const source = sourceOf([path]);
  t.deepEqual(chosen(source, { excludePatterns: [`${'*a'.repeat(100)}b`, `${'**/'.repeat(100)}b`] }), [path]);
});

test('filterEntries() takes patterns longer than a word of bits', (t) => {
  for (const length of [30, 31, 32, 33, 63, 64, 65, 200]) {
    const [path, other] = [`${'ab'.repeat(length)}c/d`, `${'ab'.repeat(length)}/d`];
    const matches = (pattern: string) => chosen(sourceOf([path, other]), { excludePatterns: [pattern] });
    t.deepEqual(matches(`${'?b'.repeat(length)}*/d`), []);
    t.deepEqual(matches(`${'[a-z]b'.repeat(length)}c/*`), [other]);
    t.deepEqual(matches(`**/${'*b'.repeat(length)}c/d`), [other]);
    t.deepEqual(matches(`${'a?'.repeat(length)}/**/*d`), [path]);
    t.deepEqual(matches(`${'a?'.repeat(length + 1)}*/d`), [other, path]);
  }
});

test('filterEntries() refuses more patterns than any source has', (t) => {
  t.throws(() => chosen(TREE, { excludePatterns: ['*'.repeat(300_000)] }), { instanceOf: RangeError });
});

test('filterEntries() refuses patterns that Docker refuses', (t) => {
  for (const pattern of ['[', 'a\\', '!']) {
    t.throws(() => chosen(TREE, { excludePatterns: [pattern] }), { instanceOf: SyntaxError });
  }
});
