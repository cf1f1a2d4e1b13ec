import test from 'ava';

import { findShortage } from './find-shortage.js';

const PLENTY = { folder: '/', minFreeDiskBytes: 1, minFreeMemoryBytes: 1 };

test('findShortage() finds none where there is plenty', async (t) => {
  t.is(await findShortage(PLENTY), undefined);
});

test('findShortage() says what is missing', async (t) => {
  t.regex((await findShortage({ ...PLENTY, minFreeDiskBytes: 1e18 })) ?? '', /^disk: \d+ MB free, \d+ MB needed$/);
  t.regex((await findShortage({ ...PLENTY, minFreeMemoryBytes: 1e18 })) ?? '', /^memory: \d+ MB free, \d+ MB needed$/);
});
