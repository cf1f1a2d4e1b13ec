import test from 'ava';

import { isAppName } from './app-name.js';
import { buildJobId } from './build-job.js';
import { createBuildId, createReleaseId, isBuildId, isReleaseId } from './ids.js';
import { formatObjectUrl, parseObjectUrl } from './object-url.js';

test('isAppName() takes lower-case words joined by single dashes', (t) => {
  for (const name of ['a', 'my-app', 'a1-b2', 'a'.repeat(63)]) t.true(isAppName(name), name);
  for (const name of ['', 'A', '1a', '-a', 'a-', 'a--b', 'a_b', 'a/b', 'ä', 'a\n', 'a'.repeat(64)])
    t.false(isAppName(name));
});

test('createBuildId() and createReleaseId() make ids of their own form, each another', (t) => {
  const ids = new Set(Array.from({ length: 1000 }, createBuildId));
  t.is(ids.size, 1000);
  for (const id of ids) t.true(isBuildId(id) && !isReleaseId(id), id);
  t.true(isReleaseId(createReleaseId()));
  for (const text of ['', 'B', 'Babcdefghij', 'BABCDEFGHIJK', 'BABCDEFGHI\n', '../etc']) t.false(isBuildId(text));
});

test('buildJobId() differs by attempt', (t) => {
  t.is(buildJobId({ buildId: 'BABCDEFGHIJ', attempt: 2 }), 'BABCDEFGHIJ-2');
});

test('parseObjectUrl() reads what formatObjectUrl() writes', (t) => {
  const url = { app: 'web', key: 'tmp/a b.tgz' };
  t.deepEqual(parseObjectUrl(formatObjectUrl(url)), url);
});

test('parseObjectUrl() refuses keys that leave their app', (t) => {
  for (const text of [
    '',
    'object://',
    'object://web',
    'object://web/',
    'object://web/../x',
    'object://web/a/./b',
    'http://a/b',
  ])
    t.throws(() => parseObjectUrl(text), { instanceOf: SyntaxError }, text);
});
