import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder } from '@convox-builds/testing';
import test from 'ava';

import { openWarmImages } from './warm-images.js';

const WEB = { sourceKey: 'a', service: 'web' };

test('openWarmImages() knows what was solved here, for each app and service, also after a restart', async (t) => {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const warm = openWarmImages(folder.path);
  t.false(await warm.has(WEB));
  await warm.add(WEB);
  await warm.add(WEB);
  t.true(await openWarmImages(folder.path).has(WEB));
  t.false(await warm.has({ ...WEB, service: 'job' }));
  t.false(await warm.has({ ...WEB, sourceKey: 'b' }));
});

test('openWarmImages() is cold again when layers were deleted, by us, by somebody else, or by age', async (t) => {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const warm = openWarmImages(folder.path);
  await warm.add(WEB);
  await warm.forget();
  t.false(await warm.has(WEB));
  await warm.add(WEB);
  // The times of files are finer than the clock's.
  t.false(await openWarmImages(folder.path, { warmForMs: -1 }).has(WEB));
  await rm(join(folder.path, 'root'), { recursive: true });
  t.false(await warm.has(WEB));
});
