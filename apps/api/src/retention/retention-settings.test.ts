import test from 'ava';

import { policyOf } from './retention-settings.js';

const RACK = { keepBuilds: undefined, keepDays: undefined, keepReleases: 10 };

test('policyOf() keeps everything where nobody says otherwise', (t) => {
  t.is(policyOf({}, RACK), undefined);
  t.is(policyOf({ RetentionDays: '' }, RACK), undefined);
});

test('policyOf() lets the app say more than the rack', (t) => {
  const rack = { ...RACK, keepBuilds: 50, keepDays: 30 };
  t.deepEqual(policyOf({}, rack), rack);
  t.deepEqual(policyOf({ RetentionBuilds: '3' }, rack), { ...rack, keepBuilds: 3 });
  t.deepEqual(policyOf({ RetentionDays: '0' }, RACK), { keepBuilds: 0, keepDays: 0, keepReleases: 10 });
});
