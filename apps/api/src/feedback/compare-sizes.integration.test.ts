import { startRegistry } from '@convox-builds/testing';
import test from 'ava';

import { completeTestBuild, createOpenRegistryClient } from '../testing/archived-builds.js';
import { startTestApi } from '../testing/start-test-api.js';
import { compareSizes } from './compare-sizes.js';

const MANIFEST = 'services:\n  web:\n    image: busybox\n';

test('compareSizes() measures the images of a build next to those of the one before', async (t) => {
  const server = await startRegistry();
  const api = await startTestApi({ registryHost: server.host });
  t.teardown(async () => {
    await api.stop();
    await server.stop();
  });
  const images = { client: createOpenRegistryClient(), host: server.host };
  const build = async (bytes: number) => {
    const layers = { web: Buffer.alloc(bytes, 'a'), again: Buffer.alloc(bytes, 'a') };
    const id = await completeTestBuild(api, images, { app: 'shop', manifest: MANIFEST, layers });
    const record = await api.store.builds.find('shop', id);
    if (record === undefined) throw new Error('the build is gone');
    return record;
  };
  const [first, second] = [await build(100_000), await build(250_000)];
  const parts = { store: api.store, registry: api.parts.registry, signal: new AbortController().signal };
  const sizes = await compareSizes(second, parts);
  t.is((sizes?.bytes ?? 0) - (sizes?.beforeBytes ?? 0), 150_000);
  t.like(await compareSizes(first, parts), { beforeBytes: undefined });
  t.is(await compareSizes(second, { ...parts, registry: undefined }), undefined);
  await server.stop();
  t.is(await compareSizes(second, parts), undefined, 'the registry is away');
});
