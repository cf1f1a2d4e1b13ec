import test from 'ava';

import { formatGoDuration, parseGoDuration } from './go-duration.js';
import { formatRequestTime, formatTime, parseRequestTime, parseTime, ZERO_TIME } from './go-time.js';

test('parseGoDuration(): reads what Go reads', (t) => {
  const cases: [string, number][] = [
    ['0', 0],
    ['5s', 5000],
    ['2m0s', 120_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['-10ms', -10],
    ['250us', 0.25],
  ];
  for (const [text, durationMs] of cases) t.is(parseGoDuration(text), durationMs, text);
  for (const text of ['', '5', 's', '5 s', '1d', '1h-2m', 'NaN']) {
    t.throws(() => parseGoDuration(text), { instanceOf: SyntaxError }, text);
  }
});

test('formatGoDuration(): writes what Go writes', (t) => {
  for (const text of ['0s', '15ms', '1.5s', '5s', '2m0s', '1h0m0s', '26h3m4s']) {
    t.is(formatGoDuration(parseGoDuration(text)), text);
  }
});

test('parseRequestTime(): is the inverse of formatRequestTime()', (t) => {
  const time = new Date('2026-07-04T10:15:00.120Z');
  t.is(formatRequestTime(time), '20260704.101500.120000000');
  t.deepEqual(parseRequestTime('20260704.101500.120000000'), time);
  for (const text of ['', '2026-07-04', '20261304.101500.000000000', '20260704.101500']) {
    t.throws(() => parseRequestTime(text), { instanceOf: SyntaxError }, text);
  }
});

test('formatTime(): an unset time is the zero time, and comes back as unset', (t) => {
  t.is(formatTime(null), ZERO_TIME);
  t.is(parseTime(ZERO_TIME), undefined);
  t.is(parseTime(null), undefined);
  t.is(parseTime('soon'), undefined);
  t.deepEqual(parseTime('2026-07-04T10:15:00.5Z'), new Date('2026-07-04T10:15:00.500Z'));
});
