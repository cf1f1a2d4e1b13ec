import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { unlessAborted } from './unless-aborted.js';

const NEVER = new Promise<never>(() => {});

test('unlessAborted() answers and fails as what was asked', async (t) => {
  const { signal } = new AbortController();
  t.is(await unlessAborted(sleep(1, 'answer'), signal), 'answer');
  await t.throwsAsync(unlessAborted(Promise.reject(new Error('away')), signal), { message: 'away' });
});

test('unlessAborted() fails with the reason of a signal that is aborted, before or meanwhile', async (t) => {
  const controller = new AbortController();
  const waiting = unlessAborted(NEVER, controller.signal);
  controller.abort(new Error('enough'));
  await t.throwsAsync(waiting, { message: 'enough' });
  await t.throwsAsync(unlessAborted(NEVER, controller.signal), { message: 'enough' });
});
