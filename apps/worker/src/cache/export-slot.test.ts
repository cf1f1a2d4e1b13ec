import test from 'ava';

import { createExportSlot } from './export-slot.js';

test('createExportSlot() does one thing after the other', async (t) => {
  const slot = createExportSlot();
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
  };
  t.true(slot.offer(work('a')));
  t.true(slot.offer(work('b')));
  await slot.stop();
  t.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('createExportSlot() aborts what runs when it is stopped, and takes nothing more', async (t) => {
  const slot = createExportSlot();
  let isAborted = false;
  slot.offer(async (signal) => {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isAborted = true;
  });
  await slot.stop();
  t.true(isAborted);
  t.false(slot.offer(async () => t.fail()));
});

test('createExportSlot() lets no more than a few wait', async (t) => {
  const slot = createExportSlot();
  const taken = Array.from({ length: 20 }, () => slot.offer(async () => {}));
  t.is(taken.filter(Boolean).length, 16);
  await slot.stop();
});
