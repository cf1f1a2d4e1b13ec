import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { writeTar } from '@convox-builds/tar/testing';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { createRegistryClient } from '../create-registry-client.js';
import {
  archiveOf,
  archiveOfLayout,
  blobFile,
  blobOf,
  file,
  imageOf,
  indexOf,
  layoutFiles,
  manifestOf,
} from '../testing/make-archive.js';
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

const receive = (archive: Buffer, limits = DEFAULT_ARCHIVE_LIMITS) =>
  receiveBuildArchive(Readable.from([archive]), {
    place: place(),
    limits,
    storeLog: async (content) => void (await buffer(content)),
  });

const image = imageOf('layer');
const [manifest, config, layer] = [image[0] ?? blobOf(''), image[1] ?? blobOf(''), image[2] ?? blobOf('')];
const layout = layoutFiles(image);
const build = file('build.json', { manifest: '' });
const inner = writeTar(layout);

test('files may come in any order, beside what Convox adds', async (t) => {
  const archive = archiveOf([
    file('web.BABCDEFGHIJ.tar', writeTar([...layout].reverse().map((one) => ({ ...one, path: `./${one.path}` })))),
    { path: '', type: '5' },
    file('notes.txt', 'x'),
    build,
  ]);
  const { images, warnings } = await receive(archive);
  t.is(images.get('web')?.top.digest, manifest.descriptor.digest);
  t.deepEqual(warnings, ['archive has an unknown file: notes.txt']);
});

const foreign = blobOf('foreign', 'application/vnd.example');
const elsewhere = { ...layer, descriptor: { ...layer.descriptor, urls: ['https://example.org/layer'] } };
const nest = (depth: number) => {
  const blobs = [...image];
  for (let level = 0; level < depth; level++) blobs.unshift(indexOf([blobs[0] ?? manifest]));
  return blobs;
};
const withIndex = (index: object) =>
  archiveOfLayout([...layout.filter(({ path }) => path !== 'index.json'), file('index.json', index)]);
const oversized = { ...layer.descriptor, size: layer.descriptor.size + 1 };
const lying = manifestOf(config, [{ ...layer, descriptor: oversized }]);
const both = manifestOf(config, [layer], { manifests: [] });
const otherType = manifestOf(config, [layer], { mediaType: 'application/vnd.oci.image.index.v1+json' });

const REFUSED: Readonly<Record<string, { archive: Buffer; says: RegExp }>> = {
  nothing: { archive: Buffer.alloc(0), says: /^cannot read archive: it is not gzip, damaged, or cut off$/ },
  'no gzip': { archive: Buffer.from('what is this'), says: /^cannot read archive: it is not gzip/ },
  'no tar': { archive: gzipSync(Buffer.alloc(2048, 'x')), says: /^cannot read archive: a number in a header is none$/ },
  'no build.json': { archive: archiveOf([file('web.B.tar', inner)]), says: /^archive has no build\.json$/ },
  'a build.json that is none': {
    archive: archiveOf([file('build.json', '{')]),
    says: /^build\.json cannot be decoded: it is not JSON$/,
  },
  'a file twice': { archive: archiveOf([build, build]), says: /^archive has "build\.json" twice$/ },
  'a path': { archive: archiveOf([build, file('a/b.tar', inner)]), says: /^archive has a bad file name: "a\/b\.tar"$/ },
  'an absolute path': {
    archive: archiveOf([build, file('/etc/x.tar', inner)]),
    says: /bad file name: "\/etc\/x\.tar"/,
  },
  'a way out': { archive: archiveOf([build, file('..', 'x')]), says: /bad file name: "\.\."/ },
  'a link': {
    archive: archiveOf([build, { path: 'x.tar', type: '2', linkTarget: 'y' }]),
    says: /^archive has "x\.tar", which is no file$/,
  },
  'a device': { archive: archiveOf([build, { path: 'x', type: '3' }]), says: /which is no file/ },
  'a folder': { archive: archiveOf([build, { path: 'x/', type: '5' }]), says: /which is no file/ },
  'the export of an app': {
    archive: archiveOf([file('app.json', {})]),
    says: /export of an app .* and not of a build/,
  },
  'an image archive that is none': {
    archive: archiveOf([build, file('web.B.tar', writeTar([file('x', 'y')]))]),
    says: /^unrecognised image archive: web\.B\.tar$/,
  },
  'an image archive that is cut off': {
    archive: archiveOf([build, file('web.B.tar', inner.subarray(0, 700))]),
    says: /^web\.B\.tar: it is cut off$/,
  },
  'two images of a service': {
    archive: archiveOf([build, file('web.B.tar', inner), file('web.C.tar', inner)]),
    says: /more than one image for service: web/,
  },
  'a blob that is missing': {
    archive: archiveOfLayout(layoutFiles([manifest, config])),
    says: new RegExp(`${layer.descriptor.digest} is missing`),
  },
  'a manifest that is missing': {
    archive: withIndex({ manifests: [indexOf([]).descriptor] }),
    says: /sha256:[0-9a-f]{64} is missing/,
  },
  'a blob that is not what it is named': {
    archive: archiveOfLayout([...layout.slice(0, -1), { ...blobFile(layer), content: 'other' }]),
    says: /blob [0-9a-f]{64} is damaged/,
  },
  'a blob twice': { archive: archiveOfLayout([...layout, blobFile(layer)]), says: /is there twice/ },
  'a size that is wrong': {
    archive: archiveOfLayout(layoutFiles([lying, config, layer])),
    says: /has 5 bytes and not 6/,
  },
  'a manifest of an unknown media type': {
    archive: withIndex({ manifests: [{ ...manifest.descriptor, mediaType: 'x/y' }] }),
    says: /unknown media type "x\/y"/,
  },
  'a layer of an unknown media type': {
    archive: archiveOfLayout(layoutFiles([manifestOf(config, [foreign]), config, foreign])),
    says: /unknown media type "application\/vnd\.example"/,
  },
  'a config of an unknown media type': {
    archive: archiveOfLayout(layoutFiles([manifestOf(foreign, [layer]), foreign, layer])),
    says: /unknown media type/,
  },
  'a layer that is elsewhere': {
    archive: archiveOfLayout(layoutFiles([manifestOf(config, [elsewhere]), config, layer])),
    says: /is somewhere else, not in the archive/,
  },
  'a manifest that is an index, too': {
    archive: archiveOfLayout(layoutFiles([both, config, layer])),
    says: /it is both an image manifest and an index/,
  },
  'a manifest that says to be an index': {
    archive: archiveOfLayout(layoutFiles([otherType, config, layer])),
    says: /another media type than it is named by/,
  },
  'indexes without end': {
    archive: archiveOfLayout(layoutFiles(nest(3))),
    says: /indexes are nested more than 3 deep/,
  },
  'a layout of two images': {
    archive: withIndex({ manifests: [manifest.descriptor, manifest.descriptor] }),
    says: /index\.json names 2 images and not one/,
  },
  'a layout of no image': { archive: withIndex({ manifests: [] }), says: /index\.json names 0 images/ },
  'a layout of another version': {
    archive: archiveOfLayout([file('oci-layout', { imageLayoutVersion: '2.0.0' }), ...layout.slice(1)]),
    says: /oci-layout cannot be decoded: imageLayoutVersion: expected version 1\.0\.0/,
  },
  'a digest of another kind': {
    archive: withIndex({ manifests: [{ ...manifest.descriptor, digest: 'sha512:00' }] }),
    says: /index\.json cannot be decoded: manifests\.0\.digest: expected a sha256 digest/,
  },
  'a link among the blobs': {
    archive: archiveOfLayout([...layout, { path: 'blobs/x', type: '2', linkTarget: 'y' }]),
    says: /"blobs\/x" is a link/,
  },
  'a blob out of the archive': {
    archive: archiveOfLayout([...layout, file('../x', 'y')]),
    says: /has a name that leads elsewhere/,
  },
  'ten thousand files': {
    archive: archiveOfLayout([...layout, ...Array.from({ length: 10_000 }, (_, n) => file(`f${n}`, '{}'))]),
    says: /more than 5000 entries/,
  },
};

for (const [what, { archive, says }] of Object.entries(REFUSED)) {
  test(`promise 10: an archive with ${what} is refused in one line`, async (t) => {
    const error = await t.throwsAsync(receive(archive), { name: 'ArchiveError' });
    t.regex(error?.message ?? '', says);
    t.false(error?.message.includes('\n'));
  });
}

test('an archive that unfolds to more than its bounds is refused', async (t) => {
  const bomb = archiveOf([build, file('web.B.tar', writeTar([file('x', Buffer.alloc(3_000_000))]))]);
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, maxBytes: 2_000_000 };
  await t.throwsAsync(receive(bomb, limits), {
    name: 'ArchiveError',
    message: /more than 2000000 bytes unpacked|has \d+ bytes/,
  });
  const tight = { ...DEFAULT_ARCHIVE_LIMITS, ratioWindowBytes: 1_000_000 };
  await t.throwsAsync(receive(bomb, tight), { message: /more than 200 times as large/ });
});

test('an index of three levels, and a config that is no JSON, are as far as it goes', async (t) => {
  t.is((await receive(archiveOfLayout(layoutFiles(nest(2))))).images.get('web')?.manifests.length, 3);
  const bad = blobOf('no config', 'application/vnd.oci.image.config.v1+json');
  const { images } = await receive(archiveOfLayout(layoutFiles([manifestOf(bad, [layer]), bad, layer])));
  await t.throwsAsync(publishImages(place(), images), {
    name: 'ArchiveError',
    message: /the config of .* makes no sense/,
  });
});

test('a registry that goes away in the middle is not the archive\u2019s fault', async (t) => {
  const gone = await startRegistry();
  const target = { client, repository: { registry: gone.host, repository: 'app' } };
  const blob = blobOf(randomBytes(20_000_000));
  const archive = archiveOfLayout(layoutFiles([manifestOf(config, [blob]), config, blob]));
  let sent = 0;
  async function* slowly() {
    for (; sent < archive.length; sent += 65_536) {
      if (sent > 5_000_000) await gone.service.stop('SIGKILL');
      yield archive.subarray(sent, sent + 65_536);
    }
  }
  const receiving = receiveBuildArchive(Readable.from(slowly()), {
    place: target,
    limits: DEFAULT_ARCHIVE_LIMITS,
    storeLog: async () => {},
  });
  await t.throwsAsync(receiving, { name: 'RegistryError', message: /Cannot reach registry/ });
  await gone.stop();
});
