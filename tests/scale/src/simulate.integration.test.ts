import test from 'ava';

import { simulate } from './simulate.js';

test('simulate(): a small day ends as it was planned, also when workers are lost', async (t) => {
  const size = {
    apis: 1,
    workers: 6,
    builds: 40,
    apps: 5,
    fromHour: 0,
    hours: 24,
    speed: 10_800,
    seed: 1,
    losesWorkersAt: 0.5,
  };
  const { clients, ends } = await simulate(size, (text) => t.log(text));
  t.is(clients.accepted, 40);
  t.is(clients.refused, 0);
  const { complete = 0, cancelled = 0, 'failed, user': failed = 0, ...others } = ends.states;
  t.deepEqual(others, {}, 'everything has ended, and in no other way');
  t.is(complete + cancelled + failed, 40);
  t.is(ends.releases, complete);
  t.true(ends.waitMs.p99 > 0);
});
