import test from 'ava';

import { reproducibleTimeOf } from './reproducible-time-of.js';

const ON = { parameters: { Reproducible: 'true' } };

test('reproducibleTimeOf() is the time of a build argument, or one for all', (t) => {
  t.is(reproducibleTimeOf(ON, { SOURCE_DATE_EPOCH: '1700000000' })?.toISOString(), '2023-11-14T22:13:20.000Z');
  t.is(reproducibleTimeOf(ON, {})?.toISOString(), '1980-01-01T00:00:00.000Z');
});

test('reproducibleTimeOf() of an app that does not want it is none', (t) => {
  t.is(reproducibleTimeOf({ parameters: {} }, { SOURCE_DATE_EPOCH: '1700000000' }), undefined);
  t.is(reproducibleTimeOf({ parameters: { Reproducible: 'false' } }, {}), undefined);
});
