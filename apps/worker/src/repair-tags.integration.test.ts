import { createRegistryClient } from '@convox-builds/registry';
import { pushTestImage } from '@convox-builds/registry/testing';
import { startFaultyFront, startRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { tagImages } from './images/tag-images.js';
import { repairTags } from './repair-tags.js';
import { openTestParts } from './testing/open-test-parts.js';

/** As many as are looked at in one round. */
const AT_ONCE = 20;

/** A worker whose registry can misbehave, and complete builds whose tags nobody has written. */
async function start(t: ExecutionContext) {
  const registry = await startRegistry();
  const front = await startFaultyFront(`http://${registry.host}`);
  const host = new URL(front.url).host;
  t.teardown(async () => {
    front.close();
    await registry.stop();
  });
  const { parts, claim } = await openTestParts(t, { REGISTRY_HOST: host });
  const client = createRegistryClient({
    access: { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined },
  });
  const complete = async (app: string) => {
    const target = { registry: registry.host, repository: app };
    const { digest, mediaType, size } = await pushTestImage(client, target, app);
    const { id: buildId, attempt, worker } = await claim(app);
    const images = { web: { digest, mediaType, size, platforms: ['linux/amd64'] } };
    await parts.store.attempts.complete({ buildId, attempt, worker }, { images, entrypoint: '' });
    const isTagged = () =>
      client.getManifest({ ...target, tag: `web.${buildId}` }).then(
        () => true,
        () => false,
      );
    return { id: buildId, app, images, isTagged };
  };
  return { parts, front, complete };
}

test('promise 3: builds that cannot be tagged keep no other one from its tags', async (t) => {
  const { parts, front, complete } = await start(t);
  for (let count = 0; count < AT_ONCE; count++) await complete('refused');
  const { isTagged } = await complete('web');
  front.fail(({ path }) => (path.startsWith('/v2/refused/') ? { status: 403 } : undefined));
  const { signal } = new AbortController();
  await repairTags(parts, { signal, overdueAfterMs: 0 });
  t.false(await isTagged());
  await repairTags(parts, { signal, overdueAfterMs: 0 });
  t.true(await isTagged());
});

test('repairTags(): stops although the registry does not answer', async (t) => {
  const { parts, front, complete } = await start(t);
  const { isTagged } = await complete('web');
  const stopping = new AbortController();
  front.fail(() => {
    stopping.abort(new Error('enough'));
    return { freezeAfterBytes: 0 };
  });
  await repairTags(parts, { signal: stopping.signal, overdueAfterMs: 0 });
  t.false(await isTagged());
});

test('tagImages(): does not keep a complete build waiting for a registry that does not answer', async (t) => {
  const { parts, front, complete } = await start(t);
  const build = await complete('web');
  front.fail(() => ({ freezeAfterBytes: 0 }));
  const startedAt = performance.now();
  await tagImages(build, parts);
  t.true(performance.now() - startedAt < 20_000);
  t.false(await build.isTagged());
});
