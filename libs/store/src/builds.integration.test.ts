import { setTimeout as sleep } from 'node:timers/promises';

import { claimNext, createRunningBuild, createTestBuild } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const NONE = { interactive: 0, deploy: 0, automatic: 0 };

testOnEachBackend('builds: countActive() counts what waits and what a worker runs', async (t, { store }) => {
  t.deepEqual(await store.builds.countActive(), { queued: NONE, running: NONE, oldestQueuedSeconds: 0 });
  const external = await createTestBuild(store, { external: true });
  await store.builds.updateExternal(external.app, external.id, { state: 'running' });
  const { build, claim } = await createRunningBuild(store);
  t.deepEqual(await store.builds.countActive(), {
    queued: NONE,
    running: { ...NONE, interactive: 1 },
    oldestQueuedSeconds: 0,
  });
  const waiting = await createTestBuild(store);
  await sleep(300);
  await createTestBuild(store, { lane: 'deploy' });
  const { oldestQueuedSeconds, ...counts } = await store.builds.countActive();
  t.deepEqual(counts, { queued: { ...NONE, interactive: 1, deploy: 1 }, running: { ...NONE, interactive: 1 } });
  t.true(oldestQueuedSeconds >= 0.25 && oldestQueuedSeconds < 60, String(oldestQueuedSeconds));
  await claimNext(store, waiting);
  await store.attempts.fail(claim, { failureClass: 'user', reason: 'x' });
  t.like(await store.builds.find(build.app, build.id), { state: 'failed' });
  t.like(await store.builds.countActive(), { queued: { deploy: 1 }, running: { interactive: 1 } });
});

testOnEachBackend('builds: every attempt is told the span of the request', async (t, { store }) => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  const { app, source, options, description, gitSha } = await createTestBuild(store);
  const build = await store.builds.create({ app, source, options, description, gitSha, traceparent });
  for (const attempt of [1, 2]) {
    const claim = { buildId: build.id, attempt, worker: 'w1' };
    t.like(await store.attempts.claim(claim, { leaseMs: -1 }), { traceparent });
    t.like(await store.attempts.expireLeases({ maxLostWorkers: 9 }), [{ app, attempt, traceparent }]);
  }
});
