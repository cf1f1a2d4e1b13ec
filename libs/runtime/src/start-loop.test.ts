import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { startLoop } from './start-loop.js';

test('startLoop(): turns come one after the other, however long one takes', async (t) => {
  let running = 0;
  let turns = 0;
  const loop = startLoop(
    async () => {
      t.is(++running, 1);
      turns++;
      await sleep(20);
      running--;
    },
    { everyMs: 1 },
  );
  for (let waking = 0; waking < 50; waking++) {
    loop.wake();
    await sleep(2);
  }
  await loop.stop();
  t.is(running, 0);
  t.true(turns > 1 && turns <= 8, `${turns}`);
  loop.wake();
  t.is(running, 0);
});

test('startLoop(): a turn is told that it is to end, and is waited for', async (t) => {
  let hasEnded = false;
  const loop = startLoop(
    async (signal) => {
      await sleep(60_000, undefined, { signal }).catch(() => {});
      hasEnded = true;
    },
    { everyMs: 1 },
  );
  await loop.stop();
  t.true(hasEnded);
  await loop.settled();
});
