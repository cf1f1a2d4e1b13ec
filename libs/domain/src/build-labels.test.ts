import test from 'ava';

import { parseBuildLabels } from './build-labels.js';

test('parseBuildLabels() reads pairs and keeps what is behind the first equals sign', (t) => {
  t.deepEqual(parseBuildLabels('team=web, org.example/tier=a=b,empty='), {
    team: 'web',
    'org.example/tier': 'a=b',
    empty: '',
  });
  t.deepEqual(parseBuildLabels(''), {});
});

test('parseBuildLabels() refuses what is no pair', (t) => {
  for (const text of ['team', '=web', 'a b=c', 'a=b\nc', '-a=b']) {
    t.throws(() => parseBuildLabels(text), { instanceOf: SyntaxError }, text);
  }
});
