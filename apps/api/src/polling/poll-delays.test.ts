import test from 'ava';

import { findNextPollMs, findSilenceMs } from './poll-delays.js';

const around = (wantedMs: number, ms: number) => ms >= wantedMs * 0.8 && ms <= wantedMs * 1.2;

test('findNextPollMs() doubles with each failure, up to an hour, and is spread', (t) => {
  const [minute, hour] = [60_000, 3_600_000];
  for (const [failures, wanted] of [
    [0, minute],
    [1, 2 * minute],
    [3, 8 * minute],
    [10, hour],
    [10_000, hour],
  ] as const) {
    t.true(around(wanted, findNextPollMs(minute, failures)), `${failures}`);
  }
  t.true(around(2 * hour, findNextPollMs(2 * hour, 5)));
  t.true(new Set(Array.from({ length: 50 }, () => findNextPollMs(minute))).size > 10);
});

test('findSilenceMs() doubles from half a minute to a quarter of an hour', (t) => {
  t.true(around(30_000, findSilenceMs(1)));
  t.true(around(60_000, findSilenceMs(2)));
  t.true(around(900_000, findSilenceMs(1000)));
});
