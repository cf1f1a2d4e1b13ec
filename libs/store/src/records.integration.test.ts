import { waitUntil } from '@convox-builds/testing';

import { claimNext, createRunningBuild, createTestApp, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

testOnEachBackend('apps: create, change, list, delete with all that is theirs', async (t, { store }) => {
  const name = await createTestApp(store);
  t.is(await store.apps.create({ name, generation: '3' }), undefined);
  t.like(await store.apps.find(name), { name, generation: '3', locked: false, parameters: {}, activeReleaseId: '' });
  t.regex((await store.apps.find(name))?.sourceKey ?? '', /^[0-9a-f]{64}$/);
  t.like(await store.apps.update(name, { locked: true, parameters: { A: `'"` } }), {
    locked: true,
    parameters: { A: `'"` },
  });
  t.like(await store.apps.update(name, {}), { locked: true });
  t.is(await store.apps.update('nobody', { locked: true }), undefined);
  t.true((await store.apps.list()).some((app) => app.name === name));

  const { build, claim } = await createRunningBuild(store, { app: name });
  await store.logs.append(claim, Buffer.from('x'));
  const release = await store.attempts.complete(claim, RESULT);
  t.true(await store.apps.delete(name));
  t.false(await store.apps.delete(name));
  t.is(await store.builds.find(name, build.id), undefined);
  t.is(await store.releases.find(name, release?.id ?? ''), undefined);
  t.deepEqual(await store.logs.read(build.id, { afterSeq: 0, limit: 1 }), []);
});

testOnEachBackend('builds: newest first, found in their own app only', async (t, { store }) => {
  const app = await createTestApp(store);
  const ids: string[] = [];
  for (let index = 0; index < 6; index++) ids.unshift((await createTestBuild(store, { app })).id);
  t.deepEqual(
    (await store.builds.list(app, { limit: 4 })).map(({ id }) => id),
    ids.slice(0, 4),
  );
  t.like(await store.builds.find(app, ids[0] ?? ''), { state: 'queued', attempt: 0, gitSha: 'abc', endedAt: null });
  t.is(await store.builds.find(await createTestApp(store), ids[0] ?? ''), undefined);
  await t.throwsAsync(createTestBuild(store, { app: 'nobody' }), { message: /foreign key/ });
});

testOnEachBackend(
  'builds: takeUntagged() gives out what was completed and not tagged, in turns',
  async (t, { store }) => {
    const completed = async () => {
      const { build, claim } = await createRunningBuild(store);
      await store.attempts.complete(claim, RESULT);
      return build.id;
    };
    const take = async (olderThanMs: number) =>
      (await store.builds.takeUntagged({ olderThanMs, retryAtLeastEveryMs: 60_000 }))?.id;
    const { build: running } = await createRunningBuild(store);
    // Those of other tests.
    for (let id = await take(0); id !== undefined; id = await take(0)) {
      t.not(id, running.id);
      await store.builds.markTagged(id);
    }
    const ids = [await completed(), await completed(), await completed()];
    t.is(await take(60_000), undefined);
    await store.builds.markTagged(ids[1] ?? '');
    t.is(await take(0), ids[0]);
    // As long again as it has waited: others come first.
    t.is(await take(0), ids[2]);
    await waitUntil(async () => (await take(0)) === ids[0], { what: 'its turn comes again' });
    await store.builds.markTagged(ids[0] ?? '');
    await store.builds.markTagged(ids[2] ?? '');
    t.is(await take(0), undefined);
  },
);

testOnEachBackend('builds: cancel() tells what it met', async (t, { store }) => {
  const { build } = await createRunningBuild(store);
  const cancel = (id: string) => store.builds.cancel(build.app, id, { actor: `a'da` });
  t.is(await cancel('BNOTTHEREXX'), 'missing');
  t.is(await cancel(build.id), 'cancelled');
  t.is(await cancel(build.id), 'final');
  t.like(await store.builds.find(build.app, build.id), { state: 'cancelled', reason: `cancelled by a'da` });
});

testOnEachBackend('releases: each starts from the latest, or from its parent', async (t, { store }) => {
  const app = await createTestApp(store);
  const first = await store.releases.create({ app, environment: 'A=1\nB=2' });
  t.like(first, { environment: 'A=1\nB=2', description: 'env add:A add:B', buildId: '', manifest: '' });
  const build = await createTestBuild(store, { app });
  await store.attempts.saveManifest(await claimNext(store, build), 'services: {}');
  const second = await store.releases.create({ app, buildId: build.id });
  t.like(second, { environment: 'A=1\nB=2', description: 'a change', buildId: build.id, manifest: 'services: {}' });
  const third = await store.releases.create({ app, environment: 'A=9' });
  t.like(third, { environment: 'A=9', description: 'env change:A remove:B', buildId: build.id });
  const fourth = await store.releases.create({ app, parentReleaseId: first?.id, description: 'back' });
  t.like(fourth, { environment: 'A=1\nB=2', description: 'back', buildId: '' });
  t.is((await store.releases.latest(app))?.id, fourth?.id);
  t.deepEqual(
    (await store.releases.list(app, { limit: 3 })).map(({ id }) => id),
    [fourth?.id, third?.id, second?.id],
  );
  t.like(await store.releases.create({ app, environment: 'A=1\nB=2' }), { description: '' }, 'nothing has changed');
  t.is(await store.releases.create({ app, parentReleaseId: 'RNOTTHEREXX' }), undefined);
  t.is(await store.releases.create({ app, buildId: 'BNOTTHEREXX' }), undefined);
  t.is(await store.releases.create({ app: 'nobody', environment: 'A=1' }), undefined);
});

testOnEachBackend('releases: an external build that asks twice has one', async (t, { store }) => {
  const { app, id: buildId } = await createTestBuild(store, { external: true });
  const first = await store.releases.create({ app, buildId });
  t.deepEqual(await store.releases.create({ app, buildId }), first);
  const changed = await store.releases.create({ app, buildId, environment: 'A=1' });
  t.like(changed, { buildId, environment: 'A=1', description: 'env add:A' });
  t.deepEqual(await store.releases.create({ app, buildId }), first);
});

testOnEachBackend(
  'builds: supersede() cancels what waits of the same app and branch, and is older',
  async (t, { store }) => {
    const app = await createTestApp(store);
    const create = (gitBranch: string, inApp = app) => createTestBuild(store, { app: inApp, gitBranch });
    const running = await create('main');
    await claimNext(store, running);
    const waiting = [await create('main'), await create('main')];
    const others = [await create('topic'), await create(''), await create('main', await createTestApp(store))];
    const build = await create('main');
    const newer = await create('main');
    t.deepEqual((await store.builds.supersede(build)).sort(), waiting.map(({ id }) => id).sort());
    t.deepEqual(await store.builds.supersede(build), []);
    t.deepEqual(await store.builds.supersede(await create('')), []);
    for (const { id } of waiting) {
      const reason = `superseded by ${build.id}, a newer build of main`;
      t.like(await store.builds.find(app, id), { state: 'cancelled', failureClass: 'cancelled', reason });
    }
    t.is((await store.builds.find(app, running.id))?.state, 'running');
    for (const { id, app: ofApp } of [...others, build, newer])
      t.is((await store.builds.find(ofApp, id))?.state, 'queued');
  },
);
