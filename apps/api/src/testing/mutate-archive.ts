import { gzipSync } from 'node:zlib';

import { archiveOf, blobFile, blobOf, file, imageOf, indexOf, layoutFiles } from '@convox-builds/registry/testing';
import { type TarBlock, writeTar } from '@convox-builds/tar/testing';
import fc from 'fast-check';

const MANIFEST = 'services:\n  web: {build: .}\n  worker: {build: worker}\n';
const IMAGES = { web: imageOf('web layer'), worker: imageOf('worker layer') };

/** The digests of the images that the archive has in it, by service. */
export const DIGESTS = Object.fromEntries(
  Object.entries(IMAGES).map(([service, [manifest]]) => [service, manifest?.descriptor.digest ?? '']),
);

/** An archive before it is written: its files, and the files of the image archives in it. */
interface Draft {
  readonly outer: TarBlock[];
  /** By the name of the image archive. */
  readonly inner: Map<string, TarBlock[]>;
}

const nameOf = (service: string) => `${service}.BABCDEFGHIJ.tar`;

function draft(): Draft {
  const images = Object.fromEntries(Object.entries(DIGESTS).map(([service, digest]) => [service, { digest }]));
  const build = { id: 'BABCDEFGHIJ', description: 'what it is', 'git-sha': 'abc', manifest: MANIFEST, images };
  return {
    outer: [
      file('build.json', build),
      file('build.log', 'the log\n'),
      ...Object.keys(IMAGES).map((name) => file(nameOf(name), '')),
    ],
    inner: new Map(Object.entries(IMAGES).map(([service, image]) => [nameOf(service), layoutFiles(image)])),
  };
}

function write({ outer, inner }: Draft): { tar: Buffer; archive: Buffer } {
  const files = outer.map((block) => {
    const contents = inner.get(block.path);
    return contents === undefined ? block : { ...block, content: writeTar(contents) };
  });
  return { tar: writeTar(files), archive: archiveOf(files) };
}

/** The archive as it should be. */
export const wholeArchive = (): Buffer => write(draft()).archive;

/** Which list of files a mutation is about, and which of them. */
interface Place {
  readonly isInner: boolean;
  readonly at: number;
}

const place = fc.record({ isInner: fc.boolean(), at: fc.nat(20) });

function change({ isInner, at }: Place, edit: (files: TarBlock[], index: number) => void): Buffer {
  const archive = draft();
  const files = isInner ? (archive.inner.get(nameOf('web')) ?? []) : archive.outer;
  edit(files, at % files.length);
  return write(archive).archive;
}

function changeText(at: Place, edit: (text: string) => string): Buffer {
  return change(at, (files, index) => {
    const block = files[index];
    if (block !== undefined) files[index] = { ...block, content: edit(String(block.content ?? '')) };
  });
}

function flipBit(bytes: Buffer, at: number, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  const index = at % flipped.length;
  flipped.writeUInt8(flipped.readUInt8(index) ^ (1 << bit), index);
  return flipped;
}

const NAMES = [
  '',
  '.',
  '..',
  '/etc/passwd',
  '../x',
  'a/b',
  'app.json',
  'build.json',
  'build.log',
  'other.B.tar',
  'web.tar',
  'x\0y',
  'oci-layout',
  'manifest.json',
  'blobs/sha256/x',
  'é'.repeat(40),
];
const TEXTS = [
  '',
  '{}',
  '[]',
  'null',
  '{"manifests":[]}',
  '{"manifest":5}',
  '{"images":{"web":{"digest":"x"}}}',
  '\0',
  'x'.repeat(3000),
  '{"__proto__":{"a":1}}',
  '[{"Config":"x","RepoTags":["a:web.b"],"Layers":["y"]}]',
];
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/application\/vnd\.oci\.image\.layer\.v1\.tar/g, 'application/vnd.example'],
  [/application\/vnd\.oci\.image\.manifest/g, 'application/vnd.oci.image.index'],
  [/"layers"/g, '"manifests":[],"layers"'],
  [/"size":\d+/g, '"size":1'],
  [/"size":\d+/g, '"size":-1'],
  [/"size"/g, '"urls":["https://example.org"],"size"'],
  [/sha256:[0-9a-f]{64}/, `sha256:${'0'.repeat(64)}`],
  [/sha256:/g, 'sha512:'],
  [/"schemaVersion":2/g, '"schemaVersion":"\\u0000"'],
  [/linux/g, '\\u0000'],
  [/web/g, 'worker'],
  [/services/g, 'services: {a: *x}\n#'],
  [/build: \./g, 'image: ${MISSING}'],
];

/** Layouts that are well made, and not what they should be. */
function remake(kind: number): Buffer {
  const archive = draft();
  const [manifest] = IMAGES.web;
  if (manifest === undefined) throw new TypeError('the image has no manifest');
  let top = manifest;
  const blobs = [...IMAGES.web];
  for (let level = 0; level <= kind; level++) {
    top = indexOf(kind % 2 === 0 ? [top] : [top, top]);
    blobs.unshift(top);
  }
  archive.inner.set(nameOf('web'), [...layoutFiles(blobs), blobFile(blobOf(`${kind}`))]);
  return write(archive).archive;
}

const cut = (bytes: Buffer, part: number) => bytes.subarray(0, Math.floor(bytes.length * part));
const gzipOf = (bytes: Buffer) => gzipSync(bytes, { level: 1 });

function setFields(at: Place, fields: Partial<TarBlock>): Buffer {
  return change(at, (files, index) => {
    const block = files[index];
    if (block !== undefined) files[index] = { ...block, ...fields };
  });
}

/** An archive with one thing done to it. */
export const mutatedArchive: fc.Arbitrary<{ what: string; archive: Buffer }> = fc.oneof(
  fc
    .tuple(fc.nat(), fc.nat(7))
    .map(([at, bit]) => ({ what: 'flip packed', archive: flipBit(wholeArchive(), at, bit) })),
  fc
    .tuple(fc.nat(), fc.nat(7))
    .map(([at, bit]) => ({ what: 'flip', archive: gzipOf(flipBit(write(draft()).tar, at, bit)) })),
  fc
    .double({ min: 0, max: 0.999, noNaN: true })
    .map((part) => ({ what: 'truncate packed', archive: cut(wholeArchive(), part) })),
  fc
    .double({ min: 0, max: 0.999, noNaN: true })
    .map((part) => ({ what: 'truncate', archive: gzipOf(cut(write(draft()).tar, part)) })),
  place.map((at) => ({
    what: 'duplicate',
    archive: change(at, (files, index) => void files.push(...files.slice(index, index + 1))),
  })),
  place.map((at) => ({ what: 'remove', archive: change(at, (files, index) => void files.splice(index, 1)) })),
  place.map((at) => ({
    what: 'reorder',
    archive: change(at, (files, index) => void files.push(...files.splice(0, index))),
  })),
  fc
    .tuple(place, fc.constantFrom(...NAMES))
    .map(([at, path]) => ({ what: `rename ${path}`, archive: setFields(at, { path }) })),
  fc
    .tuple(place, fc.constantFrom(...'12345678gxLKS'))
    .map(([at, type]) => ({ what: `type ${type}`, archive: setFields(at, { type, linkTarget: 'build.json' }) })),
  fc
    .tuple(place, fc.constantFrom(...TEXTS))
    .map(([at, text]) => ({ what: 'content', archive: changeText(at, () => text) })),
  fc.tuple(place, fc.constantFrom(...REPLACEMENTS)).map(([at, [from, to]]) => ({
    what: `${from} to ${to}`,
    archive: changeText(at, (text) => text.replace(from, to)),
  })),
  fc
    .tuple(place, fc.integer({ min: 0, max: 10 ** 10 }))
    .map(([at, size]) => ({ what: `size ${size}`, archive: setFields(at, { size }) })),
  fc.nat(4).map((kind) => ({ what: `remake ${kind}`, archive: remake(kind) })),
);
