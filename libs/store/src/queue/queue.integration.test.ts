import { setTimeout } from 'node:timers/promises';

import { BUILD_LANES, type BuildLane } from '@convox-builds/domain';

import type { Store } from '../store.js';
import { claimNext, createTestApp, createTestBuild, RESULT } from '../testing/builds.js';
import { testOnEachBackend } from '../testing/test-on-each-backend.js';
import type { WorkerReport } from '../workers.js';

const NO_LIMITS = { running: 1000, runningPerApp: 1000 };

/** Only these workers, and nothing in the queue. */
async function startOver(store: Store, ...workers: [name: string, slots: number][]): Promise<void> {
  for (const { name } of await store.apps.list()) await store.apps.delete(name);
  await store.workers.forget({ olderThanMs: -1000 });
  for (const [name, slots] of workers) await store.workers.report(reportOf(name, slots));
}

const reportOf = (name: string, slots: number, change: Partial<WorkerReport> = {}): WorkerReport => ({
  name,
  owner: `${name}/1`,
  slots,
  state: 'ready',
  findings: [],
  ...change,
});

async function queueBuilds(store: Store, app: string, count: number, lane: BuildLane = 'interactive') {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await createTestBuild(store, { app, lane })).id);
  return ids;
}

testOnEachBackend('admit(): gives each worker what it has slots for, and turns to each app', async (t, { store }) => {
  await startOver(store, ['one', 2], ['two', 1]);
  const [first, second] = [await createTestApp(store), await createTestApp(store)];
  const many = await queueBuilds(store, first, 10);
  const [single = ''] = await queueBuilds(store, second, 1);
  const rung = await store.queue.admit(NO_LIMITS);
  t.deepEqual(
    rung.map(({ buildId }) => buildId),
    [...many.slice(0, 2), single],
  );
  t.deepEqual(rung.map(({ worker, attempt }) => `${worker} ${attempt}`).sort(), ['one 1', 'one 1', 'two 1']);
  t.deepEqual(await store.queue.admit(NO_LIMITS), rung, 'what is not taken up yet is rung again, and nothing more');
});

testOnEachBackend('admit(): a slot that is free again goes to whoever has waited', async (t, { store }) => {
  await startOver(store, ['one', 1]);
  const [greedy, modest] = [await createTestApp(store), await createTestApp(store)];
  await queueBuilds(store, greedy, 3);
  const [rung] = await store.queue.admit(NO_LIMITS);
  const claim = { buildId: rung?.buildId ?? '', attempt: 1, worker: 'one/1' };
  t.is(await store.attempts.claim({ ...claim, worker: 'two/1' }, { leaseMs: 60_000 }), undefined, 'one was meant');
  t.is((await store.attempts.claim(claim, { leaseMs: 60_000 }))?.id, rung?.buildId);
  const [waiting] = await queueBuilds(store, modest, 1);
  t.deepEqual(await store.queue.admit(NO_LIMITS), []);
  await store.attempts.complete(claim, RESULT);
  t.deepEqual(
    (await store.queue.admit(NO_LIMITS)).map(({ buildId }) => buildId),
    [waiting],
  );
});

testOnEachBackend(
  'promise 8: of an app with 500 builds and one with a single one, both get a slot',
  async (t, { store }) => {
    await startOver(store, ['one', 2]);
    const [greedy, modest] = [await createTestApp(store), await createTestApp(store)];
    await queueBuilds(store, greedy, 500);
    const [single] = await queueBuilds(store, modest, 1);
    const rung = (await store.queue.admit(NO_LIMITS)).map(({ buildId }) => buildId);
    t.is(rung.length, 2);
    t.true(rung.includes(single ?? ''));
  },
);

testOnEachBackend('admit(): lanes, most urgent first; limits of the rack and of the app', async (t, { store }) => {
  await startOver(store, ['one', 3]);
  const app = await createTestApp(store);
  const ids = new Map<BuildLane, string[]>();
  for (const lane of BUILD_LANES.toReversed()) ids.set(lane, await queueBuilds(store, app, 1, lane));
  await store.apps.update(app, { parameters: { BuildConcurrency: '2' } });
  const rung = (await store.queue.admit(NO_LIMITS)).map(({ buildId }) => buildId);
  t.deepEqual(rung.sort(), [...(ids.get('interactive') ?? []), ...(ids.get('deploy') ?? [])].sort());
  await store.apps.update(app, { parameters: { BuildConcurrency: '' } });
  t.is((await store.queue.admit({ running: 2, runningPerApp: 9 })).length, 2);
  t.is((await store.queue.admit({ running: 9, runningPerApp: 2 })).length, 2);
  t.is((await store.queue.admit(NO_LIMITS)).length, 3);
});

testOnEachBackend('admit(): takes back what a worker that went away was given', async (t, { store }) => {
  await startOver(store, ['one', 1]);
  const [id] = await queueBuilds(store, await createTestApp(store), 1);
  t.like(await store.queue.admit(NO_LIMITS), [{ buildId: id, worker: 'one' }]);
  await store.workers.report(reportOf('one', 1, { state: 'draining' }));
  await store.workers.report(reportOf('two', 1));
  t.like(await store.queue.admit(NO_LIMITS), [{ buildId: id, worker: 'two' }]);
  await store.workers.leave('two/1');
  t.deepEqual(await store.queue.admit(NO_LIMITS), []);
  // Started again: the process has another name, and so has what it is given.
  t.deepEqual(await store.workers.report(reportOf('two', 1, { owner: 'two/2' })), []);
  t.like(await store.queue.admit(NO_LIMITS), [{ buildId: id, worker: 'two' }]);
  t.deepEqual(await store.workers.report(reportOf('two', 1, { owner: 'two/2' })), [{ buildId: id, attempt: 1 }]);
});

testOnEachBackend('admit(): to the worker that is warm, and not to the one where it failed', async (t, { store }) => {
  await startOver(store, ['one', 4], ['two', 4]);
  const app = await createTestApp(store);
  const workerOf = async (id: string | undefined) =>
    (await store.queue.admit(NO_LIMITS)).find(({ buildId }) => buildId === id)?.worker;
  const [first = ''] = await queueBuilds(store, app, 1);
  const place = await workerOf(first);
  const claim = await claimNext(store, { id: first, attempt: 0 }, { worker: `${place}/1` });
  await store.attempts.complete(claim, RESULT);
  const [second = ''] = await queueBuilds(store, app, 1);
  t.is(await workerOf(second), place, 'it is warm there');
  const again = await claimNext(store, { id: second, attempt: 0 }, { worker: `${place}/1` });
  await store.attempts.retry(again, { failureClass: 'platform', reason: 'x' }, { delayMs: 0 });
  t.not(await workerOf(second), place, 'it failed there');
});

testOnEachBackend('admit(): a build that is to be tried later is not given out before', async (t, { store }) => {
  await startOver(store, ['one', 1]);
  const build = await createTestBuild(store);
  const claim = await claimNext(store, build);
  await store.attempts.retry(claim, { failureClass: 'platform', reason: 'x' }, { delayMs: 300 });
  t.deepEqual(await store.queue.admit(NO_LIMITS), []);
  t.like(await store.queue.describeWait(build.id), { position: 1, reason: 'x', isAdmitted: false });
  await setTimeout(400);
  t.like(await store.queue.admit(NO_LIMITS), [{ buildId: build.id, attempt: 2 }]);
});

testOnEachBackend('admit() on several replicas at once gives each build to one worker', async (t, { store }) => {
  await startOver(store, ['one', 2], ['two', 2]);
  await queueBuilds(store, await createTestApp(store), 9);
  const rounds = await Promise.all([1, 2, 3].map(() => store.queue.admit(NO_LIMITS)));
  for (const round of rounds) t.deepEqual(round, rounds[0]);
  t.is(rounds[0]?.length, 4);
});

testOnEachBackend('describeWait(): counts turns, not builds', async (t, { store }) => {
  await startOver(store, ['one', 2]);
  const [many, few] = [await createTestApp(store), await createTestApp(store)];
  const busy = await createTestBuild(store, { app: many });
  await claimNext(store, busy, { worker: 'one/1' });
  const ids = await queueBuilds(store, many, 5);
  const [other] = await queueBuilds(store, few, 1);
  const positionOf = async (id = '') => (await store.queue.describeWait(id))?.position;
  t.is(await positionOf(other), 2);
  t.is(await positionOf(ids[0]), 2);
  t.is(await positionOf(ids[4]), 6);
  t.like(await store.queue.describeWait(ids[4] ?? ''), { slots: 2, used: 1, appRunning: 1, reason: '' });
  t.is(await store.queue.describeWait(busy.id), undefined);
  t.true(await store.queue.markNoted(ids[0] ?? '', { everyMs: 60_000 }));
  t.false(await store.queue.markNoted(ids[0] ?? '', { everyMs: 60_000 }));
});

testOnEachBackend('createOnce(): a repeated request is the same build', async (t, { store }) => {
  const app = await createTestApp(store);
  const { id: _id, ...like } = await createTestBuild(store, { app });
  const create = (key: string, hash: string) => store.builds.createOnce({ ...like, app }, { key, hash });
  const built = await Promise.all([1, 2, 3, 4].map(() => create('k', 'h')));
  t.is(new Set(built.map((build) => build?.id)).size, 1);
  t.is(await create('k', 'other'), undefined);
  t.not((await create('l', 'h'))?.id, built[0]?.id);
  t.is((await store.builds.list(app, { limit: 9 })).length, 3);
  t.is(await store.builds.forgetRequests({ olderThanMs: 60_000 }), 0);
  t.true((await store.builds.forgetRequests({ olderThanMs: -1000 })) >= 2);
  t.not((await create('k', 'h'))?.id, built[0]?.id);
});
