import { createTestApp, createTestBuild } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const reference = 'docker.io/library/busybox:latest';
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

testOnEachBackend('base images: the first digest of a reference counts, build by build', async (t, { store }) => {
  const app = await createTestApp(store);
  const [one, two] = [await createTestBuild(store, { app }), await createTestBuild(store, { app })];
  t.is(await store.baseImages.pin(one.id, { reference, digest: digestOf('a') }), digestOf('a'));
  t.is(await store.baseImages.pin(one.id, { reference, digest: digestOf('b') }), digestOf('a'));
  t.is(await store.baseImages.pin(two.id, { reference, digest: digestOf('b') }), digestOf('b'));
  t.deepEqual(await store.baseImages.list(one.id), [{ reference, digest: digestOf('a') }]);
  await store.apps.delete(app);
  t.deepEqual(await store.baseImages.list(one.id), []);
});
