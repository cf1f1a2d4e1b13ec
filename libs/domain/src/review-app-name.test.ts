import test from 'ava';

import { isAppName } from './app-name.js';
import { MAX_REVIEWED_APP_LENGTH, reviewAppName } from './review-app-name.js';

test('reviewAppName() makes names of apps, also of the longest name and number', (t) => {
  t.is(reviewAppName('shop', 7), 'shop-review-7');
  t.true(isAppName(reviewAppName('a'.repeat(MAX_REVIEWED_APP_LENGTH), 2 ** 31 - 1)));
});
