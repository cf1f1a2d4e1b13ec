import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';

import { writeTar } from '@convox-builds/tar/testing';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { createRegistryClient } from '../create-registry-client.js';
import { parseManifest } from '../descriptor.js';
import { archiveOf, blobFile, blobOf, configOf, file, type TestBlob } from '../testing/make-archive.js';
import { DEFAULT_ARCHIVE_LIMITS } from './archive-limits.js';
import { publishImages } from './publish-images.js';
import { receiveBuildArchive } from './receive-build-archive.js';

let registry: TestRegistry;
const access = { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined };
const client = createRegistryClient({ access });

test.before(async () => {
  registry = await startRegistry();
});

test.after.always(() => registry?.stop());

const place = () => ({ client, repository: { registry: registry.host, repository: 'app' } });

type Files = Parameters<typeof archiveOf>[0];

/** An archive of version 2: one `docker save` of all images. */
const receive = (files: Files) =>
  receiveBuildArchive(
    Readable.from([archiveOf([file('shop.BABCDEFGHIJ.tar', writeTar(files)), file('build.json', {})])]),
    { place: place(), limits: DEFAULT_ARCHIVE_LIMITS, storeLog: async () => {} },
  );

const [base, top] = [blobOf(writeTar([file('base', 'x')])), blobOf(writeTar([file('top', 'y')]))];
const diffIds = (...layers: readonly TestBlob[]) => ({
  rootfs: { type: 'layers', diff_ids: layers.map(({ descriptor }) => descriptor.digest) },
});
const web = configOf(diffIds(base, top));
const worker = configOf({ ...diffIds(base), name: 'worker' });
const hexOf = ({ descriptor }: TestBlob) => descriptor.digest.slice('sha256:'.length);
const tagOf = (service: string) => `registry.example/shop:${service}.BABCDEFGHIJ`;

/** What is saved of one image. */
const saved = (service: string, config: string, layers: readonly string[]) => ({
  Config: config,
  RepoTags: [tagOf(service)],
  Layers: layers,
});

/** Docker before version 25: a folder for each layer, and links for those that are there already. */
const ID = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const THIRD = 'c'.repeat(64);
const legacyFiles: Files = [
  file(`${hexOf(web)}.json`, web.bytes),
  file(`${ID}/VERSION`, '1.0'),
  file(`${ID}/json`, '{}'),
  file(`${ID}/layer.tar`, base.bytes),
  file(`${OTHER}/layer.tar`, top.bytes),
  { path: `${THIRD}/layer.tar`, type: '2', linkTarget: `../${ID}/layer.tar` },
  file(`${hexOf(worker)}.json`, worker.bytes),
  file('repositories', '{}'),
];
const legacyManifest = file('manifest.json', [
  saved('web', `${hexOf(web)}.json`, [`${ID}/layer.tar`, `${OTHER}/layer.tar`]),
  saved('worker', `${hexOf(worker)}.json`, [`${THIRD}/layer.tar`]),
]);

test('docker save is read wherever its manifest stands, with layers that are links', async (t) => {
  for (const files of [[...legacyFiles, legacyManifest], [legacyManifest, ...legacyFiles].reverse()]) {
    const { images } = await receive(files);
    t.deepEqual([...images.keys()], ['web', 'worker']);
    const published = await publishImages(place(), images);
    const { image } = published.get('web') ?? t.fail();
    t.deepEqual(image.platforms, ['linux/amd64']);
    const { bytes } = await client.getManifest({ ...place().repository, digest: image.digest });
    const manifest = parseManifest(bytes);
    const layers = manifest.kind === 'manifest' ? manifest.layers : [];
    t.deepEqual(layers, [base.descriptor, top.descriptor]);
    t.true((await buffer(await client.getBlob(place().repository, top.descriptor))).equals(top.bytes));
  }
});

test('docker save of newer versions, which has an OCI layout in it, is read by its own manifest', async (t) => {
  const path = (blob: TestBlob) => blobFile(blob).path;
  const { images } = await receive([
    ...[base, top, web].map(blobFile),
    file('oci-layout', { imageLayoutVersion: '1.0.0' }),
    file('index.json', { manifests: [] }),
    file('manifest.json', [saved('web', path(web), [path(base), path(top)])]),
  ]);
  t.is(images.get('web')?.manifests.length, 1);
});

test('layers that were saved compressed are pushed as they are, and checked unpacked', async (t) => {
  const packed = blobOf(gzipSync(base.bytes));
  const config = configOf(diffIds(base, base));
  const layers = [blobFile(packed).path, blobFile(packed).path];
  const files = [
    blobFile(packed),
    blobFile(config),
    file('manifest.json', [saved('web', blobFile(config).path, layers)]),
  ];
  const { images } = await receive(files);
  const { layers: pushed } = JSON.parse(images.get('web')?.manifests[0]?.bytes.toString() ?? '{}');
  t.like(pushed[0], { digest: packed.descriptor.digest, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });
  t.true(gunzipSync(packed.bytes).equals(base.bytes));
});

test('one image with the tags of two services is the image of both', async (t) => {
  const both = {
    ...saved('web', `${hexOf(worker)}.json`, [`${ID}/layer.tar`]),
    RepoTags: [tagOf('web'), tagOf('worker')],
  };
  const { images } = await receive([...legacyFiles, file('manifest.json', [both])]);
  t.is(images.get('web')?.top.digest, images.get('worker')?.top.digest);
});

const REFUSED: Readonly<Record<string, { files: Files; says: RegExp }>> = {
  'a config that is not what it is named': {
    files: [...legacyFiles, file(`${ID}.json`, web.bytes), file('manifest.json', [saved('web', `${ID}.json`, [])])],
    says: /config "a+\.json" is damaged/,
  },
  'a layer that is not what its config says': {
    files: [...legacyFiles, file('manifest.json', [saved('web', `${hexOf(worker)}.json`, [`${OTHER}/layer.tar`])])],
    says: /layer "b+\/layer\.tar" is damaged/,
  },
  'a layer that is missing': {
    files: [...legacyFiles, file('manifest.json', [saved('web', `${hexOf(worker)}.json`, ['x/layer.tar'])])],
    says: /"x\/layer\.tar" is missing/,
  },
  'a layer too many': {
    files: [
      ...legacyFiles,
      file('manifest.json', [saved('web', `${hexOf(worker)}.json`, [`${ID}/layer.tar`, `${ID}/layer.tar`])]),
    ],
    says: /has 1 layers and the image 2/,
  },
  'links in a circle': {
    files: [
      ...legacyFiles,
      { path: 'x', type: '2', linkTarget: 'y' },
      { path: 'y', type: '2', linkTarget: 'x' },
      file('manifest.json', [saved('web', `${hexOf(worker)}.json`, ['x'])]),
    ],
    says: /"x" is a link that leads nowhere/,
  },
  'a link out of the archive': {
    files: [...legacyFiles, { path: 'x', type: '2', linkTarget: '../../etc/passwd' }],
    says: /has a name that leads elsewhere/,
  },
  'a tag that names no service': {
    files: [
      ...legacyFiles,
      file('manifest.json', [{ ...saved('web', '', []), RepoTags: ['registry.example/shop:latest'] }]),
    ],
    says: /tag "registry\.example\/shop:latest" names no service/,
  },
  'an image without tags': {
    files: [...legacyFiles, file('manifest.json', [{ Config: 'x', RepoTags: null, Layers: [] }])],
    says: /has no tag that names its service/,
  },
  'no image': { files: [file('manifest.json', [])], says: /it names no image/ },
  'a manifest that is none': {
    files: [file('manifest.json', '{"a":')],
    says: /manifest\.json cannot be decoded: it is not JSON/,
  },
};

for (const [what, { files, says }] of Object.entries(REFUSED)) {
  test(`promise 10: docker save with ${what} is refused in one line`, async (t) => {
    const error = await t.throwsAsync(receive(files), { name: 'ArchiveError' });
    t.regex(error?.message ?? '', says);
    t.regex(error?.message ?? '', /^shop\.BABCDEFGHIJ\.tar: [^\n]+$/);
  });
}
