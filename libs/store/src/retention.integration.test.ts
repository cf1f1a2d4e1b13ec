import type { Store } from './store.js';
import { createRunningBuild, createTestApp, createTestBuild } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const NOTHING_KEPT = { keepBuilds: 0, keepDays: 0, keepReleases: 1 };
const AT_ONCE = { retryAfterMs: () => 0 };

/** Builds something, with an image of its own unless told otherwise. */
async function complete(store: Store, app: string, letter: string): Promise<{ id: string; releaseId: string }> {
  const { build, claim } = await createRunningBuild(store, { app });
  await store.attempts.saveManifest(claim, 'services: {}');
  const web = { digest: digestOf(letter), mediaType: 'm', size: 2, platforms: [] };
  const release = await store.attempts.complete(claim, { images: { web }, entrypoint: '' });
  return { id: build.id, releaseId: release?.id ?? '' };
}

const promote = (store: Store, app: string, releaseId: string, isDone = true) =>
  store.promotions.create({ app, releaseId, actor: 'ada', isForced: true, isDone });

async function idsToGo(store: Store, app: string, policy = {}): Promise<string[]> {
  const builds = await store.retention.list(app, { ...NOTHING_KEPT, ...policy }, { limit: 100 });
  return builds.map(({ id }) => id);
}

/** Removes everything of an app; answers what was removed. */
async function removeAll(store: Store, app: string): Promise<string[]> {
  const removed: string[] = [];
  const remove = async (removal: { app: string; target: string }) => {
    if (removal.app === app) removed.push(removal.target);
  };
  for (const kind of ['image', 'object', 'repository'] as const)
    while ((await store.removals.runNext(kind, remove, AT_ONCE)) !== undefined);
  return removed.sort();
}

testOnEachBackend('retention: the newest builds stay, and the younger ones', async (t, { store }) => {
  const app = await createTestApp(store);
  const [first, second] = [await complete(store, app, '1'), await complete(store, app, '2')];
  await complete(store, app, '3');
  t.deepEqual(await idsToGo(store, app), [first.id, second.id]);
  t.deepEqual(await idsToGo(store, app, { keepBuilds: 2 }), [first.id]);
  t.deepEqual(await idsToGo(store, app, { keepDays: 1 }), []);
});

testOnEachBackend('retention: a build that has not ended stays', async (t, { store }) => {
  const app = await createTestApp(store);
  await createTestBuild(store, { app });
  await createRunningBuild(store, { app });
  t.deepEqual(await idsToGo(store, app), []);
});

testOnEachBackend('retention: builds of active, recent and pending releases stay', async (t, { store }) => {
  const app = await createTestApp(store);
  const one = await complete(store, app, '1');
  const two = await complete(store, app, '2');
  const three = await complete(store, app, '3');
  const four = await complete(store, app, '4');
  await complete(store, app, '5');
  await promote(store, app, two.releaseId);
  await promote(store, app, one.releaseId);
  t.deepEqual(await idsToGo(store, app), [two.id, three.id, four.id]);
  t.deepEqual(await idsToGo(store, app, { keepReleases: 2 }), [three.id]);
  await promote(store, app, three.releaseId, false);
  t.deepEqual(await idsToGo(store, app, { keepReleases: 2 }), []);
});

testOnEachBackend(
  'retention: what is needed by now is not deleted, whatever was listed before',
  async (t, { store }) => {
    const app = await createTestApp(store);
    const [old] = [await complete(store, app, '1'), await complete(store, app, '2')];
    t.deepEqual(await idsToGo(store, app), [old.id]);
    await promote(store, app, old.releaseId);
    t.deepEqual(await store.retention.prune(app, NOTHING_KEPT), []);
    t.truthy(await store.builds.find(app, old.id));
  },
);

testOnEachBackend('retention: a deleted build takes its releases with it', async (t, { store }) => {
  const app = await createTestApp(store);
  const [old] = [await complete(store, app, '1'), await complete(store, app, '2')];
  t.deepEqual(
    (await store.retention.prune(app, NOTHING_KEPT)).map(({ id }) => id),
    [old.id],
  );
  t.is(await store.builds.find(app, old.id), undefined);
  t.is(await store.releases.find(app, old.releaseId), undefined);
});

testOnEachBackend('retention: each app is taken once in a while', async (t, { store }) => {
  const app = await createTestApp(store);
  const options = { everyMs: 60_000, limit: 1000 };
  const taken = await Promise.all([store.retention.takeApps(options), store.retention.takeApps(options)]);
  t.is(taken.flat().filter((name) => name === app).length, 1);
  t.false((await store.retention.takeApps(options)).includes(app));
});

testOnEachBackend('removals: what no other build has is removed, once', async (t, { store }) => {
  const app = await createTestApp(store);
  for (const letter of ['1', '2', '1']) await complete(store, app, letter);
  t.is((await store.retention.prune(app, NOTHING_KEPT)).length, 2);
  t.deepEqual(await removeAll(store, app), [digestOf('2')]);
  t.deepEqual(await removeAll(store, app), []);
});

testOnEachBackend('removals: one that fails is tried again, with its reason', async (t, { store }) => {
  const app = await createTestApp(store);
  for (const letter of ['1', '2']) await complete(store, app, letter);
  await store.retention.prune(app, NOTHING_KEPT);
  const fail = () => Promise.reject(new Error('the registry is away'));
  const failed = await store.removals.runNext('image', fail, AT_ONCE);
  t.like(failed, { result: 'failed', removal: { app, kind: 'image', target: digestOf('1'), tries: 0 } });
  t.is(await store.removals.count(), 1);
  t.deepEqual(await removeAll(store, app), [digestOf('1')]);
  t.is(await store.removals.count(), 0);
});

testOnEachBackend(
  'removals: an object that is slow to go keeps nobody, and nobody else takes it',
  async (t, { store }) => {
    const app = await createTestApp(store);
    const { build } = await createRunningBuild(store, { app });
    const old = await store.builds.create({ ...build, source: `object://${app}/tmp/source.tgz` });
    await store.builds.cancel(app, old.id, { actor: 'ada' });
    for (const letter of ['1', '2']) await complete(store, app, letter);
    await store.retention.prune(app, NOTHING_KEPT);
    const outcome = await store.removals.runNext(
      'object',
      async () => {
        await complete(store, app, '3');
        t.is(await store.removals.runNext('object', async () => t.fail(), AT_ONCE), undefined);
      },
      AT_ONCE,
    );
    t.is(outcome?.result, 'removed');
    await removeAll(store, app);
  },
);

testOnEachBackend('removals: an app that is deleted leaves nothing behind', async (t, { store }) => {
  const app = await createTestApp(store);
  const source = `object://${app}/tmp/source.tgz`;
  await complete(store, app, '1');
  const { build } = await createRunningBuild(store, { app });
  await store.builds.create({ ...build, source });
  await store.apps.delete(app);
  t.deepEqual(await removeAll(store, app), [app, source, digestOf('1')].sort());
});

testOnEachBackend('removals: the repository of an app stays when the app is created again', async (t, { store }) => {
  const app = await createTestApp(store);
  await complete(store, app, '1');
  await store.apps.delete(app);
  await store.apps.create({ name: app, generation: '3' });
  t.deepEqual(await removeAll(store, app), [digestOf('1')]);
});
