import { setTimeout as sleep } from 'node:timers/promises';

import { waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { findStopReason } from './attempt.js';
import { keepLease } from './attempt-lease.js';

const CLAIM = { buildId: 'BABCDEFGHIJ', attempt: 1, worker: 'one' };

function keep(renewLease: () => Promise<boolean>, leaseMs: number) {
  const controller = new AbortController();
  let lapses = 0;
  const onLapse = () => {
    lapses++;
  };
  const { stop } = keepLease({ store: { attempts: { renewLease } }, claim: CLAIM, leaseMs, controller, onLapse });
  return { stop, signal: controller.signal, lapses: () => lapses };
}

test('keepLease() renews again and again until it is stopped', async (t) => {
  let renewals = 0;
  const { stop, signal } = keep(async () => ++renewals > 0, 6000);
  t.teardown(stop);
  await waitUntil(() => renewals > 2);
  stop();
  t.false(signal.aborted);
  const before = renewals;
  await sleep(2500);
  t.is(renewals, before);
});

test('keepLease() stops the attempt when the build is somebody else’s', async (t) => {
  const { stop, signal, lapses } = keep(async () => false, 60);
  t.teardown(stop);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  t.is(findStopReason(signal), 'lost');
  t.is(lapses(), 0);
});

for (const [what, renewLease] of Object.entries({
  'is away': () => Promise.reject(new Error('away')),
  'does not answer': () => new Promise<boolean>(() => {}),
})) {
  test(`keepLease() stops the attempt before its lease ends when the database ${what}`, async (t) => {
    const leaseMs = 600;
    const begun = performance.now();
    const { stop, signal, lapses } = keep(renewLease, leaseMs);
    t.teardown(stop);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    t.is(findStopReason(signal), 'lost');
    t.true(performance.now() - begun > leaseMs / 2, 'not at the first failure');
    await sleep(leaseMs / 2);
    t.is(lapses(), 1);
  });
}
