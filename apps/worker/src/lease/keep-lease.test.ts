import { setTimeout as sleep } from 'node:timers/promises';

import { waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { keepLease } from './keep-lease.js';

const CLAIM = { buildId: 'BABCDEFGHIJ', attempt: 1, worker: 'one' };

function keep(renew: () => Promise<boolean>, leaseMs: number) {
  let lose = () => {};
  const losses: boolean[] = [];
  const lost = new Promise<void>((resolve) => {
    lose = resolve;
  });
  const onLost = ({ isLapsed }: { isLapsed: boolean }) => {
    losses.push(isLapsed);
    lose();
  };
  const { stop } = keepLease({ leases: { renew }, claim: CLAIM, leaseMs, onLost });
  return { stop, lost, losses };
}

test('keepLease() renews again and again until it is stopped', async (t) => {
  let renewals = 0;
  const { stop, losses } = keep(async () => ++renewals > 0, 6000);
  t.teardown(stop);
  await waitUntil(() => renewals > 2);
  stop();
  t.deepEqual(losses, []);
  const before = renewals;
  await sleep(2500);
  t.is(renewals, before);
});

test('keepLease() loses it when the build is somebody else’s', async (t) => {
  const { stop, lost, losses } = keep(async () => false, 60);
  t.teardown(stop);
  await lost;
  t.deepEqual(losses, [false]);
});

for (const [what, renew] of Object.entries({
  'is away': () => Promise.reject(new Error('away')),
  'does not answer': () => new Promise<boolean>(() => {}),
})) {
  test(`keepLease() loses it before the lease ends when the database ${what}`, async (t) => {
    const leaseMs = 600;
    const begun = performance.now();
    const { stop, lost, losses } = keep(renew, leaseMs);
    t.teardown(stop);
    await lost;
    t.true(performance.now() - begun > leaseMs / 2, 'not at the first failure');
    await sleep(leaseMs / 2);
    t.deepEqual(losses, [true]);
  });
}
