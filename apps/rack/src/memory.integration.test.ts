import test from 'ava';

import { assertMemoryIsFlat } from './testing/assert-memory-is-flat.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});

test.after.always(() => rack?.stop());

test('promise 9: 256 MiB of source and of log take no more memory than 1 MiB', (t) => assertMemoryIsFlat(t, rack));
