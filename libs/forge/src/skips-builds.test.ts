import { processorMsSince } from '@convox-builds/testing';
import test from 'ava';

import { skipsBuilds } from './skips-builds.js';

test('skipsBuilds() knows the marks of the forges, wherever they stand', (t) => {
  for (const mark of ['[skip ci]', '[ci skip]', '[no ci]', '[skip actions]', '[actions skip]', '[skip convox]']) {
    t.true(skipsBuilds(`docs: a comma ${mark}`), mark);
    t.true(skipsBuilds(`docs: a comma\n\n${mark}\nmore`), mark);
  }
  for (const mark of ['[Skip CI]', '[ci-skip]', '[skip_ci]']) t.true(skipsBuilds(mark), mark);
  t.true(skipsBuilds('docs: a comma\n\n\nskip-checks: true\n'));
});

test('skipsBuilds() is not misled by words', (t) => {
  for (const message of ['', 'skip ci', '[skip  ci]', 'do [not] skip [ci]', 'skip-checks: true\nmore', '[skip cider]'])
    t.false(skipsBuilds(message), message);
});

test('skipsBuilds() is quick with a long message', (t) => {
  const started = process.cpuUsage();
  t.false(skipsBuilds('[skip '.repeat(500_000)));
  t.false(skipsBuilds(`skip-checks:${' '.repeat(1_000_000)}`));
  t.true(processorMsSince(started) < 500);
});
