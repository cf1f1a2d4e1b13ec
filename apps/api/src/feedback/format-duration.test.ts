import test from 'ava';

import { formatDuration } from './format-duration.js';

test('formatDuration() says times as people do', (t) => {
  const cases: [number, string][] = [
    [0, '0.0s'],
    [4210, '4.2s'],
    [9949, '9.9s'],
    [9950, '10s'],
    [59_400, '59s'],
    [59_600, '1m 0s'],
    [92_000, '1m 32s'],
    [7_500_000, '2h 5m'],
  ];
  for (const [ms, text] of cases) t.is(formatDuration(ms), text);
});
