import test from 'ava';

import { findShortage } from './find-shortage.js';

const PLENTY = { folder: '/', minFreeDiskBytes: 1, minFreeMemoryBytes: 1 };
const UP = { isUp: () => true };

test('findShortage() finds none where there is plenty', async (t) => {
  t.is(await findShortage(PLENTY, UP), undefined);
});

test('findShortage() says what is missing', async (t) => {
  const disk = await findShortage({ ...PLENTY, minFreeDiskBytes: 1e18 }, UP);
  t.is(disk?.of, 'disk');
  t.regex(disk?.text ?? '', /^disk: \d+ MB free, \d+ MB needed$/);
  const memory = await findShortage({ ...PLENTY, minFreeMemoryBytes: 1e18 }, UP);
  t.is(memory?.of, 'memory');
  t.regex(memory?.text ?? '', /^memory: \d+ MB free, \d+ MB needed$/);
  const buildkitd = await findShortage(PLENTY, { isUp: () => false });
  t.deepEqual(buildkitd, { of: 'buildkitd', text: 'buildkitd: it died and is not up again' });
});
