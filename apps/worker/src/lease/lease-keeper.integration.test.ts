import { setTimeout as sleep } from 'node:timers/promises';

import { createDiskObjectStorage, createStore, migrateStore, NO_OPTIONS } from '@convox-builds/store';
import { createTemporaryFolder, startPostgres, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { startLeaseKeeper } from './lease-keeper.js';

const LEASE_MS = 1500;

async function startWithBuild(t: ExecutionContext) {
  const [postgres, folder] = await Promise.all([startPostgres(), createTemporaryFolder()]);
  await migrateStore(postgres.url);
  const store = createStore({ databaseUrl: postgres.url, objects: createDiskObjectStorage({ folder: folder.path }) });
  const keeper = startLeaseKeeper({ databaseUrl: postgres.url, leaseMs: LEASE_MS });
  t.teardown(async () => {
    await keeper.close();
    await store.close();
    await postgres.stop();
    await folder.remove();
  });
  await store.apps.create({ name: 'web', generation: '2' });
  const build = await store.builds.create({
    app: 'web',
    source: 'object://web/x',
    options: NO_OPTIONS,
    description: '',
    gitSha: '',
  });
  const claim = { buildId: build.id, attempt: 1, worker: 'one/1' };
  await store.attempts.claim(claim, { leaseMs: LEASE_MS });
  return { store, keeper, claim };
}

function blockFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('startLeaseKeeper() keeps a lease while this thread is busy', async (t) => {
  const { store, keeper, claim } = await startWithBuild(t);
  let losses = 0;
  const lease = keeper.keep(claim, () => losses++);
  await sleep(500);
  blockFor(3 * LEASE_MS);
  t.deepEqual(await store.attempts.expireLeases({ maxLostWorkers: 9 }), []);
  t.is(losses, 0);
  lease.drop();
  await sleep(LEASE_MS + 500);
  t.like(await store.attempts.expireLeases({ maxLostWorkers: 9 }), [
    { buildId: claim.buildId, attempt: 1, outcome: 'queued' },
  ]);
});

test('startLeaseKeeper() tells when a build is not ours any more', async (t) => {
  const { store, keeper, claim } = await startWithBuild(t);
  let losses = 0;
  keeper.keep(claim, () => losses++);
  await store.builds.cancel('web', claim.buildId, { actor: 'ada' });
  await waitUntil(() => losses > 0, { what: 'it is told' });
  await sleep(LEASE_MS);
  t.is(losses, 1);
});
