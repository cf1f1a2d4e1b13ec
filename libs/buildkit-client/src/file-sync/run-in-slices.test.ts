import { setImmediate } from 'node:timers';

import test from 'ava';

import { runInSlices } from './run-in-slices.js';

/** Work of a millisecond a step. */
function* workFor(steps: number): Generator<void, string> {
  for (let step = 0; step < steps; step++) {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 1);
    yield;
  }
  return 'done';
}

test('runInSlices() lets others have the event loop', async (t) => {
  let turns = 0;
  const count = () => {
    turns += 1;
    pending = setImmediate(count);
  };
  let pending = setImmediate(count);
  t.teardown(() => clearImmediate(pending));
  const { signal } = new AbortController();
  t.is(await runInSlices(workFor(100), { maxMs: 10_000, signal }), 'done');
  t.true(turns >= 5, `${turns}`);
});

test('runInSlices() ends what takes too long', async (t) => {
  const { signal } = new AbortController();
  const error = await t.throwsAsync(runInSlices(workFor(10_000), { maxMs: 50, signal }), { instanceOf: RangeError });
  t.is(error?.message, 'it takes longer than 0.05 seconds');
});

test('runInSlices() ends when its signal is aborted', async (t) => {
  const controller = new AbortController();
  const work = runInSlices(workFor(10_000), { maxMs: 60_000, signal: controller.signal });
  controller.abort(new Error('enough'));
  await t.throwsAsync(work, { message: 'enough' });
});
