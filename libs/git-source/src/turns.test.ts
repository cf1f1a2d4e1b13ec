import test from 'ava';

import { createTurns } from './turns.js';

test('take() lets one at a time in, in order, for each name', async (t) => {
  const turns = createTurns();
  const order: string[] = [];
  const enter = async (who: string, name: string) => {
    const leave = await turns.take(name);
    order.push(`${who} in`);
    await new Promise(setImmediate);
    order.push(`${who} out`);
    leave();
  };
  await Promise.all([enter('a', 'x'), enter('b', 'x'), enter('c', 'x')]);
  t.deepEqual(order, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  t.false(turns.has('x'));
  const leave = await turns.take('x');
  await turns.take('y');
  t.true(turns.has('x'));
  leave();
});

test('take() of somebody who gives up lets nobody in too early, and keeps nobody out', async (t) => {
  const turns = createTurns();
  const leave = await turns.take('x');
  const controller = new AbortController();
  const givesUp = turns.take('x', controller.signal);
  let isIn = false;
  const last = turns.take('x').then((next) => {
    isIn = true;
    return next;
  });
  controller.abort(new Error('enough'));
  await t.throwsAsync(givesUp, { message: 'enough' });
  await new Promise(setImmediate);
  t.false(isIn);
  leave();
  (await last)();
  t.false(turns.has('x'));
});
