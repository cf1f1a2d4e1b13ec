import test from 'ava';
import fc from 'fast-check';

import { BUILD_LANES, type BuildLane } from './build-lane.js';
import { chooseAdmissions, type QueuedApp } from './choose-admissions.js';

const ALL = { slots: 1000 };
const worker = (name: string, slots: number, used = 0) => ({ name, slots, used });

function app(name: string, count: number, change: Partial<QueuedApp> & { lane?: BuildLane } = {}): QueuedApp {
  const { lane = 'interactive', ...rest } = change;
  const builds = Array.from({ length: count }, (_, index) => ({ id: `${name}${index + 1}`, lane }));
  return { name, active: 0, weight: 1, limit: 1000, servedAt: 0, builds, ...rest };
}

const idsOf = (...args: Parameters<typeof chooseAdmissions>) => chooseAdmissions(...args).map(({ buildId }) => buildId);

test('chooseAdmissions() gives turns to apps, not to builds', (t) => {
  t.deepEqual(idsOf([worker('w', 5)], [app('a', 100), app('b', 1), app('c', 2)], ALL), ['a1', 'b1', 'c1', 'a2', 'c2']);
});

test('chooseAdmissions(): the next slot is for the app that has the least running', (t) => {
  t.deepEqual(idsOf([worker('w', 5, 4)], [app('a', 100, { active: 4 }), app('b', 1)], ALL), ['b1']);
});

test('chooseAdmissions() gives shares by weight', (t) => {
  const ids = idsOf([worker('w', 8)], [app('a', 100, { weight: 3 }), app('b', 100)], ALL);
  t.is(ids.filter((id) => id.startsWith('a')).length, 6);
});

test('chooseAdmissions() lets who has waited longest for a turn go first', (t) => {
  t.deepEqual(idsOf([worker('w', 1)], [app('a', 1, { servedAt: 9 }), app('b', 1, { servedAt: 5 })], ALL), ['b1']);
});

test('chooseAdmissions(): a person comes before a push, but not before an app that has nothing running', (t) => {
  const push = app('push', 9, { lane: 'automatic', active: 1 });
  const person = app('person', 9, { active: 3 });
  t.deepEqual(idsOf([worker('w', 1)], [push, person], ALL), ['person1']);
  t.deepEqual(idsOf([worker('w', 1)], [{ ...push, active: 0 }, person], ALL), ['push1']);
});

test('chooseAdmissions() keeps the limits of the app and of the rack', (t) => {
  t.deepEqual(idsOf([worker('w', 9)], [app('a', 9, { limit: 2, active: 1 }), app('b', 2)], ALL), ['b1', 'a1', 'b2']);
  t.deepEqual(idsOf([worker('w', 9)], [app('a', 9)], { slots: 2 }), ['a1', 'a2']);
  t.deepEqual(idsOf([worker('w', 9)], [app('a', 9)], { slots: 0 }), []);
});

test('chooseAdmissions() prefers the warm worker, unless it is much busier', (t) => {
  const workerOf = (used: number) =>
    chooseAdmissions([worker('cold', 4, 0), worker('warm', 4, used)], [app('a', 1, { warmWorker: 'warm' })], ALL)[0]
      ?.worker;
  t.is(workerOf(0), 'warm');
  t.is(workerOf(2), 'warm');
  t.is(workerOf(3), 'cold');
  t.is(workerOf(4), 'cold');
});

test('chooseAdmissions() avoids the worker on which a build has failed while there is another one', (t) => {
  const builds = [{ id: 'a1', lane: 'interactive', avoidedWorker: 'bad' } as const];
  const failed = app('a', 1, { warmWorker: 'bad', builds });
  t.is(chooseAdmissions([worker('bad', 4), worker('busy', 4, 3)], [failed], ALL)[0]?.worker, 'busy');
  t.is(chooseAdmissions([worker('bad', 4), worker('full', 4, 4)], [failed], ALL)[0]?.worker, 'bad');
});

const workers = fc
  .uniqueArray(fc.record({ slots: fc.integer({ min: 0, max: 5 }), used: fc.integer({ min: 0, max: 6 }) }))
  .map((list) => list.map((one, index) => ({ ...one, name: `w${index}` })));

const apps = fc
  .array(
    fc.record({
      active: fc.nat(4),
      weight: fc.integer({ min: 1, max: 5 }),
      limit: fc.integer({ min: 1, max: 6 }),
      servedAt: fc.nat(9),
      lanes: fc.array(fc.constantFrom(...BUILD_LANES), { maxLength: 8 }),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ lanes, ...rest }, index): QueuedApp => {
      const name = `a${index}`;
      return { ...rest, name, builds: lanes.map((lane, number) => ({ id: `${name}-${number}`, lane })) };
    }),
  );

test('chooseAdmissions(): no slot too many, none wasted, nobody passed over', (t) => {
  fc.assert(
    fc.property(workers, apps, fc.nat(12), (given, queued, slots) => {
      const admissions = chooseAdmissions(given, queued, { slots });
      const count = (key: 'worker' | 'app', name: string) => admissions.filter((one) => one[key] === name).length;
      for (const { name, used, slots: own } of given) {
        if (count('worker', name) > Math.max(0, own - used)) throw new Error(`${name} has too many`);
      }
      const free = given.reduce((sum, one) => sum + Math.max(0, one.slots - one.used), 0);
      const startable = queued.reduce(
        (sum, one) => sum + Math.max(0, Math.min(one.builds.length, one.limit - one.active)),
        0,
      );
      if (admissions.length !== Math.min(free, startable, slots)) throw new Error('a slot is wasted');
      if (new Set(admissions.map(({ buildId }) => buildId)).size !== admissions.length) throw new Error('one twice');
      // Whoever had nothing running and got nothing was not passed over for somebody's second build.
      const starved = queued.some((one) => one.active === 0 && one.builds.length > 0 && count('app', one.name) === 0);
      const isGreedy = queued.some((one) => one.active + count('app', one.name) > 1 && count('app', one.name) > 0);
      if (starved && isGreedy) throw new Error('an app was passed over');
    }),
  );
  t.pass();
});
