import test from 'ava';

import { findGitSource } from './find-git-source.js';

test('findGitSource() finds the address of a repository and nothing else', (t) => {
  t.is(findGitSource('https://git.example/shop.git#main'), 'https://git.example/shop.git#main');
  for (const source of ['', 'object://shop/tmp/a.tgz', 'image://busybox']) t.is(findGitSource(source), undefined);
});
