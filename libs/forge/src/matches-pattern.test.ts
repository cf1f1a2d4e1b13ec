import { processorMsSince } from '@convox-builds/testing';
import test from 'ava';
import fc from 'fast-check';

import { isPattern, matchesPaths, matchesPattern } from './matches-pattern.js';

test('matchesPattern() knows names, stars and question marks', (t) => {
  const cases: [string, string[], string[]][] = [
    ['main', ['main'], ['mainly', 'Main', 'a/main', '']],
    ['release/*', ['release/1', 'release/'], ['release', 'release/1/2', 'xrelease/1']],
    ['release/**', ['release/1', 'release/1/2'], ['release']],
    ['**', ['main', 'a/b', ''], []],
    ['*', ['main', ''], ['a/b']],
    ['v?.*', ['v1.2', 'v9.'], ['v.1', 'v10.1']],
    ['**/README.md', ['README.md', 'a/README.md', 'a/b/README.md'], ['aREADME.md', 'README.md/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['a**/b', ['a/b', 'ax/y/b'], ['b', 'ab']],
    ['a+(b)[c]{d}.$', ['a+(b)[c]{d}.$'], ['aab']],
    ['ä?', ['äö', 'ä🎉'], ['ä', 'ä/']],
  ];
  for (const [pattern, yes, no] of cases) {
    for (const text of yes) t.true(matchesPattern([pattern], text), `${pattern} ${text}`);
    for (const text of no) t.false(matchesPattern([pattern], text), `${pattern} ${text}`);
  }
});

test('matchesPattern() lets the last pattern decide that matches', (t) => {
  t.true(matchesPattern([], 'anything'));
  t.false(matchesPattern(['release/*', '!release/old'], 'release/old'));
  t.true(matchesPattern(['release/*', '!release/old'], 'release/new'));
  t.true(matchesPattern(['release/*', '!release/old*', 'release/older'], 'release/older'));
  t.true(matchesPattern(['!wip/**'], 'main'));
  t.false(matchesPattern(['!wip/**'], 'wip/x'));
});

test('matchesPaths() wants one path that matches, and builds when it does not know', (t) => {
  t.true(matchesPaths(['src/**', '!**/*.md'], ['README.md', 'src/a.ts']));
  t.false(matchesPaths(['src/**', '!**/*.md'], ['README.md', 'src/a.md']));
  t.false(matchesPaths(['src/**'], []));
  t.true(matchesPaths([], []));
  t.true(matchesPaths(['src/**'], undefined));
});

test('isPattern() refuses what matches nothing', (t) => {
  for (const text of ['*', 'a/**', '!a', 'ä b']) t.true(isPattern(text), text);
  for (const text of ['', '!', '!!a', 'a\nb', 'a'.repeat(251)]) t.false(isPattern(text), text);
});

/** The same meaning, by a regular expression; quick only with what is short. */
function naive(pattern: string): RegExp {
  const source = pattern.replace(/(?<=^|\/)\*\*\/|\*+|[^*]/gsu, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece === '*') return '[^/]*';
    if (piece.startsWith('*')) return '.*';
    return piece === '?' ? '[^/]' : piece.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su');
}

test('matchesPattern() means what a regular expression would', (t) => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '?', '**/', '.'), { minLength: 1, maxLength: 8 });
  const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (pieces, characters) => {
      const [glob, name] = [pieces.join(''), characters.join('')];
      return matchesPattern([glob], name) === naive(glob).test(name);
    }),
    { numRuns: 20_000 },
  );
  t.pass();
});

test('matchesPattern() takes time in proportion, whatever the pattern', (t) => {
  for (const pattern of ['*a'.repeat(125), '**/'.repeat(83), '**a'.repeat(83), `${'?*'.repeat(120)}b`]) {
    const started = process.cpuUsage();
    matchesPattern([pattern], 'a'.repeat(4000));
    matchesPattern([pattern], 'a/'.repeat(2000));
    t.true(processorMsSince(started) < 1000, pattern.slice(0, 10));
  }
});
