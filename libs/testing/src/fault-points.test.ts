import test from 'ava';

import { readFaultPoint, withFaultPoints } from './fault-points.js';

test('a fault happens at its point, once', async (t) => {
  const reach = readFaultPoint('after-claim:throw');
  const claim = withFaultPoints(async (id: string) => id, { reach, before: 'before-claim', after: 'after-claim' });
  await t.throwsAsync(claim('B1'), { message: /wanted this to fail/ });
  t.is(await claim('B2'), 'B2');
});

test('without a setting nothing happens', async (t) => {
  await t.notThrowsAsync(readFaultPoint('')('after-claim'));
});

for (const setting of ['nowhere:exit', 'after-claim:nothing', 'after-claim']) {
  test(`"${setting}" is refused`, (t) => {
    t.throws(() => readFaultPoint(setting), { instanceOf: SyntaxError });
  });
}
