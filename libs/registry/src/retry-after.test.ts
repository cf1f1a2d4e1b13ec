import test from 'ava';

import { readRetryAfter } from './retry-after.js';

const NOW = Date.parse('2026-07-04T10:15:00Z');
const read = (text?: string) =>
  readRetryAfter({ headers: new Headers(text === undefined ? {} : { 'retry-after': text }) }, NOW);

test('readRetryAfter() reads seconds and dates, and nothing else', (t) => {
  t.is(read('0'), 0);
  t.is(read('120'), 120_000);
  t.is(read('Sat, 04 Jul 2026 10:16:30 GMT'), 90_000);
  t.is(read('Sat, 04 Jul 2026 10:00:00 GMT'), 0);
  for (const text of [undefined, '', 'soon', '-1', '1'.repeat(30)]) t.is(read(text), undefined, text);
});
