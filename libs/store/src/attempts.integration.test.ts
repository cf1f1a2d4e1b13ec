import { NOW } from './claims.js';
import { openDatabase } from './database.js';
import { openLeases } from './leases.js';
import type { Claim } from './records.js';
import { claimNext, createRunningBuild, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const MINUTE = { leaseMs: 60_000 };

async function renew(url: string, claim: Claim): Promise<boolean> {
  const leases = openLeases(url);
  try {
    return await leases.renew(claim, MINUTE);
  } finally {
    await leases.close();
  }
}

/** What a build waits for comes to be. */
async function passTime(url: string, id: string): Promise<void> {
  const knex = openDatabase(url, { poolSize: 1 });
  try {
    await knex('builds')
      .where({ id })
      .update({ not_before: knex.raw(NOW) });
  } finally {
    await knex.destroy();
  }
}

testOnEachBackend('claim(): of workers that come at once, one gets the build', async (t, { store }) => {
  const build = await createTestBuild(store);
  const workers = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'];
  const claimed = await Promise.all(
    workers.map((worker) => store.attempts.claim({ buildId: build.id, attempt: 1, worker }, MINUTE)),
  );
  const winners = claimed.filter((record) => record !== undefined);
  t.is(winners.length, 1);
  t.like(winners[0], { id: build.id, state: 'running', attempt: 1, releaseId: '', images: {} });
  t.true(winners[0]?.startedAt instanceof Date);
});

testOnEachBackend('claim(): another attempt, an unknown and an ended build are not to be had', async (t, { store }) => {
  const build = await createTestBuild(store);
  const claim = (attempt: number, buildId = build.id) =>
    store.attempts.claim({ buildId, attempt, worker: 'w1' }, MINUTE);
  t.is(await claim(2), undefined);
  t.is(await claim(1, "B' OR true --"), undefined);
  await store.builds.cancel(build.app, build.id, { actor: 'ada' });
  t.is(await claim(1), undefined);
});

testOnEachBackend('a stale claim changes nothing', async (t, { store, url }) => {
  const { build, claim: stale } = await createRunningBuild(store, { leaseMs: -1 });
  await store.attempts.expireLeases({ maxLostWorkers: 3 });
  await claimNext(store, { id: build.id, attempt: 1 }, { worker: 'w2' });
  const before = await store.builds.find(build.app, build.id);

  t.is(await store.logs.append(stale, Buffer.from('late')), undefined);
  t.false(await store.attempts.saveManifest(stale, 'late'));
  t.is(await store.attempts.complete(stale, RESULT), undefined);
  t.false(await store.attempts.fail(stale, { failureClass: 'user', reason: 'late' }));
  t.false(await store.attempts.release(stale));
  t.false(await renew(url, stale));
  // The right attempt by the wrong worker is as stale.
  t.is(await store.attempts.complete({ ...stale, attempt: 2 }, RESULT), undefined);

  t.deepEqual(await store.builds.find(build.app, build.id), before);
  t.deepEqual(await store.logs.read(build.id, { afterSeq: 0, limit: 9 }), []);
  t.deepEqual(await store.releases.list(build.app, { limit: 9 }), []);
});

testOnEachBackend('complete(): called twice at once makes one release', async (t, { store }) => {
  const { build, claim } = await createRunningBuild(store);
  await store.releases.create({ app: build.app, environment: 'A=1' });
  t.true(await store.attempts.saveManifest(claim, 'services: {}'));
  const made = await Promise.all([store.attempts.complete(claim, RESULT), store.attempts.complete(claim, RESULT)]);
  const release = made.find((one) => one !== undefined);
  t.is(made.filter((one) => one !== undefined).length, 1);
  t.like(release, { buildId: build.id, environment: 'A=1', manifest: 'services: {}', description: 'a change' });
  t.like(await store.builds.find(build.app, build.id), { ...RESULT, state: 'complete', releaseId: release?.id });
  t.deepEqual(
    (await store.releases.list(build.app, { limit: 9 })).map(({ buildId }) => buildId),
    [build.id, ''],
  );
});

testOnEachBackend('complete(): loses no environment that is set at the same time', async (t, { store }) => {
  for (let round = 0; round < 10; round++) {
    const { build, claim } = await createRunningBuild(store);
    await Promise.all([
      store.attempts.complete(claim, RESULT),
      store.releases.create({ app: build.app, environment: 'A=new' }),
    ]);
    t.is((await store.releases.latest(build.app))?.environment, 'A=new');
  }
});

testOnEachBackend('complete() and cancel() at once: one of them wins', async (t, { store }) => {
  for (let round = 0; round < 15; round++) {
    const { build, claim } = await createRunningBuild(store);
    const [release, outcome] = await Promise.all([
      store.attempts.complete(claim, RESULT),
      store.builds.cancel(build.app, build.id, { actor: 'ada' }),
    ]);
    const isComplete = release !== undefined;
    t.is(outcome, isComplete ? 'final' : 'cancelled');
    t.like(await store.builds.find(build.app, build.id), { state: isComplete ? 'complete' : 'cancelled' });
    t.is((await store.releases.list(build.app, { limit: 9 })).length, isComplete ? 1 : 0);
  }
});

testOnEachBackend('fail(): ends a build with its class and reason', async (t, { store }) => {
  const { build, claim } = await createRunningBuild(store);
  t.true(await store.attempts.fail(claim, { failureClass: 'user', reason: 'exit code 1' }));
  const ended = await store.builds.find(build.app, build.id);
  t.like(ended, { state: 'failed', failureClass: 'user', reason: 'exit code 1', leaseExpiresAt: null });
  t.true(ended?.endedAt instanceof Date);
});

testOnEachBackend(
  'expireLeases(): puts a build back, and fails it when its last worker is lost',
  async (t, { store }) => {
    const build = await createTestBuild(store);
    for (const attempt of [0, 1]) {
      await claimNext(store, { id: build.id, attempt }, { leaseMs: -1 });
      t.deepEqual(await store.attempts.expireLeases({ maxLostWorkers: 3 }), [
        { buildId: build.id, attempt: attempt + 1, outcome: 'queued', app: build.app, traceparent: '' },
      ]);
      t.like(await store.builds.find(build.app, build.id), { state: 'queued', reason: 'the worker was lost' });
    }
    await claimNext(store, { id: build.id, attempt: 2 }, { leaseMs: -1 });
    t.deepEqual(await store.attempts.expireLeases({ maxLostWorkers: 3 }), [
      { buildId: build.id, attempt: 3, outcome: 'failed', app: build.app, traceparent: '' },
    ]);
    const ended = await store.builds.find(build.app, build.id);
    t.like(ended, { state: 'failed', failureClass: 'lost-worker', attempt: 3 });
    t.regex(ended?.reason ?? '', /lost its worker 3 times/);
  },
);

testOnEachBackend('expireLeases(): a build that was handed back is not held against it', async (t, { store }) => {
  const build = await createTestBuild(store);
  for (const attempt of [0, 1, 2])
    t.true(await store.attempts.release(await claimNext(store, { id: build.id, attempt })));
  await claimNext(store, { id: build.id, attempt: 3 }, { leaseMs: -1 });
  t.like(await store.attempts.expireLeases({ maxLostWorkers: 2 }), [{ attempt: 4, outcome: 'queued' }]);
});

testOnEachBackend('renew(): keeps a build from expiring', async (t, { store, url }) => {
  const { build, claim } = await createRunningBuild(store, { leaseMs: -1 });
  t.true(await renew(url, claim));
  t.deepEqual(await store.attempts.expireLeases({ maxLostWorkers: 3 }), []);
  await store.builds.cancel(build.app, build.id, { actor: 'ada' });
  t.false(await renew(url, claim));
});

testOnEachBackend('expireLeases() on several replicas at once tells each build once', async (t, { store }) => {
  const { build } = await createRunningBuild(store, { leaseMs: -1 });
  const expire = () => store.attempts.expireLeases({ maxLostWorkers: 3 });
  const expired = (await Promise.all([expire(), expire(), expire()])).flat();
  t.is(expired.length, 1);
  t.like(expired, [{ buildId: build.id, attempt: 1, outcome: 'queued' }]);
});

testOnEachBackend('retry(): puts a build back for a time, its failure on the record', async (t, { store, url }) => {
  const { build, claim } = await createRunningBuild(store);
  const failure = { failureClass: 'platform', reason: 'the registry is away' } as const;
  t.true(await store.attempts.retry(claim, failure, { delayMs: 60_000 }));
  t.false(await store.attempts.retry(claim, failure, { delayMs: 60_000 }), 'it is not held any more');
  t.like(await store.builds.find(build.app, build.id), { state: 'queued', retries: 1, ...failure });
  const next = { ...claim, attempt: 2 };
  t.is(await store.attempts.claim(next, MINUTE), undefined, 'it is not due yet');
  await passTime(url, build.id);
  t.like(await store.attempts.claim(next, MINUTE), { attempt: 2, retries: 1, failureClass: '', reason: '' });
  await store.attempts.complete(next, RESULT);
  t.like(await store.attempts.list(build.id), [
    { attempt: 1, worker: 'w1', outcome: 'queued', ...failure },
    { attempt: 2, worker: 'w1', outcome: 'complete', failureClass: '', reason: '' },
  ]);
});

testOnEachBackend('list(): every way of ending an attempt is on its record', async (t, { store }) => {
  const build = await createTestBuild(store);
  await store.attempts.release(await claimNext(store, build));
  await claimNext(store, { id: build.id, attempt: 1 }, { worker: 'w2', leaseMs: -1 });
  await store.attempts.expireLeases({ maxLostWorkers: 9 });
  await claimNext(store, { id: build.id, attempt: 2 }, { worker: 'w3' });
  t.like((await store.attempts.list(build.id)).at(-1), { attempt: 3, outcome: 'running', endedAt: null });
  await store.builds.cancel(build.app, build.id, { actor: 'ada' });
  const attempts = await store.attempts.list(build.id);
  t.deepEqual(
    attempts.map(({ worker, outcome, failureClass, reason }) => [worker, outcome, failureClass, reason]),
    [
      ['w1', 'queued', '', 'the worker went away'],
      ['w2', 'queued', 'lost-worker', 'the worker was lost'],
      ['w3', 'cancelled', 'cancelled', 'cancelled by ada'],
    ],
  );
  t.true(attempts.every(({ startedAt, endedAt }) => endedAt !== null && endedAt >= startedAt));
});
