import test from 'ava';

import { findRetryDelay, RETRY_DELAYS } from './build-failure.js';

test('findRetryDelay() retries what the rack has done, each time later, and not for ever', (t) => {
  const delays = [0, 1, 2, 3, 4].map((retries) => findRetryDelay('platform', retries, 0.5));
  t.deepEqual(delays, [...RETRY_DELAYS.platform, undefined]);
});

test('findRetryDelay() retries nothing else: it would fail the same way again, or is counted elsewhere', (t) => {
  for (const failureClass of ['user', 'limits', 'timeout', 'credentials', 'lost-worker', 'cancelled'] as const) {
    t.is(findRetryDelay(failureClass, 0), undefined);
  }
});

test('findRetryDelay() spreads what failed together', (t) => {
  t.is(findRetryDelay('platform', 1, 0), 8000);
  t.is(findRetryDelay('platform', 1, 1), 12_000);
});
