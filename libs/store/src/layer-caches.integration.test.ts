import type { BuildCacheRecord, CachePlace } from './layer-caches.js';
import type { Removal } from './removals.js';
import type { Store } from './store.js';
import { createTestApp, createTestBuild } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const BUILT = { localSteps: 0, registrySteps: 0, builtSteps: 2, importMs: 0, builtMs: 1500, isCold: true };
const RECORD: BuildCacheRecord = {
  ...{ service: 'web', localSteps: 1, registrySteps: 2, builtSteps: 3, importMs: 40 },
  ...{ export: 'waiting', reason: 'it is always exported', exportMs: 0, exportBytes: 0 },
};
const exported = (letter: string) => ({ digest: digestOf(letter), bytes: 5_000_000_000, exportMs: 700 });

/** The place of a service in an app of its own. */
async function createPlace(store: Store): Promise<CachePlace> {
  const app = await createTestApp(store);
  return { app, sourceKey: (await store.apps.find(app))?.sourceKey ?? '', service: 'web' };
}

/** Removes everything of an app; answers which images were among that. */
async function removeAll(store: Store, app: string): Promise<string[]> {
  const removed: string[] = [];
  const remove = async (removal: Removal) => {
    if (removal.app === app) removed.push(removal.target);
  };
  while ((await store.removals.runNext('image', remove, { retryAfterMs: () => 0 })) !== undefined);
  return removed;
}

testOnEachBackend('layer caches: builds are counted, and an export takes back their work', async (t, { store }) => {
  const place = await createPlace(store);
  t.is(await store.layerCaches.find(place), undefined);
  await store.layerCaches.addBuild(place, BUILT);
  const counted = await store.layerCaches.addBuild(place, { ...BUILT, isCold: false });
  t.like(counted, { digest: '', unexportedMs: 3000, builds: 2, coldBuilds: 1 });
  await store.layerCaches.addBuild(place, { ...BUILT, isCold: false });
  await store.layerCaches.replace(place, exported('a'), { exportedWorkMs: 3000 });
  t.deepEqual(await store.layerCaches.find(place), { ...exported('a'), unexportedMs: 1500, builds: 3, coldBuilds: 1 });
});

testOnEachBackend('layer caches: what each build made of them is kept', async (t, { store }) => {
  const app = await createTestApp(store);
  const { id } = await createTestBuild(store, { app });
  await store.layerCaches.record(id, RECORD);
  t.deepEqual(await store.layerCaches.list(id), [RECORD]);
  const done: BuildCacheRecord = { ...RECORD, export: 'done', exportMs: 12, exportBytes: 5_000_000_000 };
  await store.layerCaches.record(id, done);
  t.deepEqual(await store.layerCaches.list(id), [done]);
  await store.apps.delete(app);
  await store.layerCaches.record(id, done);
  t.deepEqual(await store.layerCaches.list(id), []);
});

testOnEachBackend('layer caches: a former one is removed, and the last one with its app', async (t, { store }) => {
  const place = await createPlace(store);
  await store.layerCaches.addBuild(place, BUILT);
  for (const letter of ['a', 'a', 'b']) await store.layerCaches.replace(place, exported(letter), { exportedWorkMs: 0 });
  t.deepEqual(await removeAll(store, place.app), [digestOf('a')]);
  await store.apps.delete(place.app);
  t.deepEqual(await removeAll(store, place.app), [digestOf('b')]);
});

testOnEachBackend('layer caches: one that was exported for an app that is gone is removed', async (t, { store }) => {
  const place = await createPlace(store);
  await store.apps.delete(place.app);
  t.is(await store.layerCaches.addBuild(place, BUILT), undefined);
  await store.layerCaches.replace(place, exported('c'), { exportedWorkMs: 0 });
  t.deepEqual(await removeAll(store, place.app), [digestOf('c')]);
});

testOnEachBackend('layer caches: one that two services share stays as long as one has it', async (t, { store }) => {
  const web = await createPlace(store);
  const job = { ...web, service: 'job' };
  for (const place of [web, job]) {
    await store.layerCaches.addBuild(place, BUILT);
    await store.layerCaches.replace(place, exported('d'), { exportedWorkMs: 0 });
  }
  await store.layerCaches.replace(job, exported('e'), { exportedWorkMs: 0 });
  t.deepEqual(await removeAll(store, web.app), []);
});

testOnEachBackend('layer caches: a reset removes them, and builds from before it leave none', async (t, { store }) => {
  const place = await createPlace(store);
  await store.layerCaches.addBuild(place, BUILT);
  await store.layerCaches.replace(place, exported('a'), { exportedWorkMs: 0 });
  t.true(await store.apps.resetCache(place.app));
  t.is(await store.layerCaches.find(place), undefined);
  const { sourceKey = '' } = (await store.apps.find(place.app)) ?? {};
  t.not(sourceKey, place.sourceKey);
  const renewed = { ...place, sourceKey };
  await store.layerCaches.addBuild(renewed, BUILT);
  t.is(await store.layerCaches.addBuild(place, BUILT), undefined);
  await store.layerCaches.replace(place, exported('b'), { exportedWorkMs: 0 });
  await store.layerCaches.replace(renewed, exported('c'), { exportedWorkMs: 0 });
  t.like(await store.layerCaches.find(renewed), { digest: digestOf('c'), builds: 1 });
  t.deepEqual((await removeAll(store, place.app)).sort(), [digestOf('a'), digestOf('b')]);
  t.false(await store.apps.resetCache('nobody'));
});
