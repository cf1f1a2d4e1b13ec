import { createTestBuild } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

testOnEachBackend('external builds: updateExternal() keeps to the states', async (t, { store }) => {
  const { app, id, state } = await createTestBuild(store, { external: true });
  t.is(state, 'created');
  t.is(await store.attempts.claim({ buildId: id, attempt: 1, worker: 'w1' }, { leaseMs: 1 }), undefined);
  const update = (change: object) => store.builds.updateExternal(app, id, change);
  t.like(await update({ state: 'running', startedAt: new Date(0) }), { state: 'running', startedAt: new Date(0) });
  await t.throwsAsync(update({ state: 'complete' }), { instanceOf: SyntaxError, message: /needs its release/ });
  await t.throwsAsync(update({ state: 'queued' }), { instanceOf: SyntaxError, message: /never queued/ });
  const release = await store.releases.create({ app, buildId: id });
  t.like(await update({ state: 'complete', releaseId: release?.id, endedAt: new Date(9) }), { endedAt: new Date(9) });
  t.like(await update({ state: 'complete', manifest: 'm' }), { state: 'complete', manifest: 'm' });
  await t.throwsAsync(update({ state: 'failed' }), { message: /it is complete and cannot become failed/ });
  const ours = await createTestBuild(store);
  t.is(await store.builds.updateExternal(ours.app, ours.id, { state: 'complete' }), undefined);
});

testOnEachBackend('promise 1: an external build whose client is gone for good fails', async (t, { store }) => {
  const left = await createTestBuild(store, { external: true });
  const begun = await createTestBuild(store, { external: true });
  await store.builds.updateExternal(begun.app, begun.id, { state: 'running' });
  const ours = await createTestBuild(store);
  t.deepEqual(await store.builds.failAbandoned({ olderThanMs: 3_600_000 }), []);
  t.deepEqual((await store.builds.failAbandoned({ olderThanMs: 0 })).toSorted(), [left.id, begun.id].toSorted());
  const reason = 'whoever built it has not said for 0 hours how it ended';
  t.like(await store.builds.find(left.app, left.id), { state: 'failed', failureClass: 'timeout', reason });
  t.truthy((await store.builds.find(begun.app, begun.id))?.endedAt);
  t.like(await store.builds.find(ours.app, ours.id), { state: 'queued' });
});
