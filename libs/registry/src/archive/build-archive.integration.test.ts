import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import type { BuiltImages } from '@convox-builds/domain';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { createRegistryClient } from '../create-registry-client.js';
import type { Descriptor } from '../descriptor.js';
import { pushTestImage, pushTestIndex } from '../testing/push-test-image.js';
import { DEFAULT_ARCHIVE_LIMITS } from './archive-limits.js';
import { listUnpublished, publishImages } from './publish-images.js';
import { type ReceivedArchive, receiveBuildArchive } from './receive-build-archive.js';
import { sectionOf } from './section.js';
import { type BuildArchive, writeBuildArchive } from './write-build-archive.js';

let registry: TestRegistry;
const access = { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined };
const client = createRegistryClient({ access });

test.before(async () => {
  registry = await startRegistry();
});

test.after.always(() => registry?.stop());

const placeOf = (name: string) => ({ client, repository: { registry: registry.host, repository: name } });

const builtImage = ({ digest, mediaType, size }: Descriptor) => ({ digest, mediaType, size, platforms: [] });

async function pushImages(name: string): Promise<BuiltImages> {
  const { repository } = placeOf(name);
  const web = await pushTestImage(client, repository, 'x'.repeat(300_000));
  const arm = await pushTestImage(client, repository, 'arm');
  const platform = { os: 'linux', architecture: 'arm64' };
  const index = await pushTestIndex(client, repository, [
    { ...web, platform: { os: 'linux', architecture: 'amd64' } },
    { ...arm, platform },
  ]);
  return { web: builtImage(web), 'all.platforms': builtImage(index) };
}

const archiveOf = (name: string, images: BuiltImages) =>
  writeBuildArchive(placeOf(name), {
    id: 'BABCDEFGHIJ',
    json: { id: 'BABCDEFGHIJ', images },
    endedAt: new Date('2026-07-04T10:15:00Z'),
    images,
    log: sectionOf(Buffer.from('the log\n')),
  });

async function receive(name: string, archive: Readable): Promise<ReceivedArchive & { log: string }> {
  let log = '';
  const received = await receiveBuildArchive(archive, {
    place: placeOf(name),
    limits: DEFAULT_ARCHIVE_LIMITS,
    storeLog: async (content) => {
      log = (await buffer(content)).toString();
    },
  });
  return Object.assign(received, { log });
}

test('an archive is read back as it was written, and written again it has the same bytes', async (t) => {
  const { web } = await pushImages('source');
  const images = { web: web ?? t.fail() };
  const archive = await archiveOf('source', images);
  const bytes = await buffer(archive.open());
  t.is(bytes.length, archive.size);
  const received = await receive('target', Readable.from([bytes]));
  t.is(received.log, 'the log\n');
  t.deepEqual(received.warnings, []);
  t.deepEqual(received.build, { id: 'BABCDEFGHIJ', images });
  const published = await publishImages(placeOf('target'), received.images);
  t.like(published.get('web')?.image, { digest: web?.digest, platforms: ['linux/amd64'] });
  const again = await archiveOf('target', images);
  t.true((await buffer(again.open())).equals(bytes));
  t.is(again.etag, archive.etag);
});

test('an archive keeps an index with all its platforms', async (t) => {
  const { 'all.platforms': image } = await pushImages('indexed');
  const archive = await archiveOf('indexed', { all: image ?? t.fail() });
  const { images } = await receive('indexed-target', archive.open());
  t.is(images.get('all')?.manifests.length, 3);
  const published = await publishImages(placeOf('indexed-target'), images);
  t.deepEqual(published.get('all')?.image.platforms, ['linux/amd64', 'linux/arm64']);
});

test('an archive can be read from any byte on', async (t) => {
  const { web } = await pushImages('resumed');
  const archive: BuildArchive = await archiveOf('resumed', { web: web ?? t.fail() });
  const bytes = await buffer(archive.open());
  t.true(gunzipSync(bytes).length > 300_000);
  for (const from of [0, 1, 9, 10, 511, 3000, 100_000, bytes.length - 1, bytes.length]) {
    t.true((await buffer(archive.open({ from }))).equals(bytes.subarray(from)), `from ${from}`);
  }
});

test('listUnpublished() tells what nobody has published in the same place', async (t) => {
  const { web, 'all.platforms': index } = await pushImages('unpublished');
  const archive = await archiveOf('unpublished', { web: web ?? t.fail(), all: index ?? t.fail() });
  const place = placeOf('unpublished-target');
  const { images } = await receive('unpublished-target', archive.open());
  t.deepEqual(await listUnpublished(place, images), [index?.digest, web?.digest]);
  await publishImages(place, new Map([['web', images.get('web') ?? t.fail()]]));
  t.deepEqual(await listUnpublished(place, images), [index?.digest]);
});

test('an image of which something is missing is not archived', async (t) => {
  const { web } = await pushImages('partial');
  const { repository } = placeOf('partial');
  await client.deleteManifest(repository, web?.digest ?? '');
  await t.throwsAsync(archiveOf('partial', { web: web ?? t.fail() }), { code: 'not-found' });
});
