import { BuildFailure } from '@convox-builds/domain';
import test from 'ava';

import { labelsOf } from './labels-of.js';

test('labelsOf() says which parameter is wrong', (t) => {
  t.deepEqual(labelsOf({ parameters: { BuildLabels: 'a=b' } }), { a: 'b' });
  t.deepEqual(labelsOf({ parameters: {} }), {});
  const error = t.throws(() => labelsOf({ parameters: { BuildLabels: 'a' } }), { instanceOf: BuildFailure });
  t.is(error?.message, 'app parameter BuildLabels must be such as team=web,tier=1');
});
