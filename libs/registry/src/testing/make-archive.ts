import { gzipSync } from 'node:zlib';

import { type TarBlock, writeTar } from '@convox-builds/tar/testing';

import type { Descriptor } from '../descriptor.js';
import { digestOf } from '../verify-digest.js';

const OCI = 'application/vnd.oci.image';

/** One file of a tar. */
export const file = (path: string, content: string | Buffer | object): TarBlock => ({
  path,
  content: typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
});

/** Content with the descriptor that names it. */
export interface TestBlob {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Makes a blob of text, of a layer's kind unless told otherwise. */
export function blobOf(content: string | Buffer | object, mediaType = `${OCI}.layer.v1.tar`): TestBlob {
  const bytes = Buffer.from(file('', content).content ?? '');
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}

/** Makes a config. */
export const configOf = (fields: object = {}) =>
  blobOf({ os: 'linux', architecture: 'amd64', ...fields }, `${OCI}.config.v1+json`);

/** Makes a manifest of a config and layers. */
export function manifestOf(config: TestBlob, layers: readonly TestBlob[], fields: object = {}): TestBlob {
  const mediaType = `${OCI}.manifest.v1+json`;
  const named = { config: config.descriptor, layers: layers.map(({ descriptor }) => descriptor) };
  return blobOf({ schemaVersion: 2, mediaType, ...named, ...fields }, mediaType);
}

/** Makes an index. */
export function indexOf(children: readonly TestBlob[], fields: object = {}): TestBlob {
  const mediaType = `${OCI}.index.v1+json`;
  const manifests = children.map(({ descriptor }) => descriptor);
  return blobOf({ schemaVersion: 2, mediaType, manifests, ...fields }, mediaType);
}

/** A blob as a file of a layout. */
export const blobFile = ({ descriptor, bytes }: TestBlob): TarBlock =>
  file(`blobs/${descriptor.digest.replace(':', '/')}`, bytes);

/** The files of an OCI layout of these blobs, the first of which is the image. */
export function layoutFiles(blobs: readonly TestBlob[]): TarBlock[] {
  const manifests = blobs.slice(0, 1).map(({ descriptor }) => descriptor);
  return [
    file('oci-layout', { imageLayoutVersion: '1.0.0' }),
    file('index.json', { schemaVersion: 2, manifests }),
    ...blobs.map(blobFile),
  ];
}

/** An image of one layer as the blobs of a layout. */
export function imageOf(text: string): TestBlob[] {
  const [config, layer] = [configOf({ text }), blobOf(text)];
  return [manifestOf(config, [layer]), config, layer];
}

/** A build archive with these files. */
export const archiveOf = (files: readonly TarBlock[]): Buffer => gzipSync(writeTar(files), { level: 1 });

/** The manifest of one service. */
const ONE_SERVICE = 'services:\n  web: {build: .}\n';

/** A build archive of one service with an image layout of these files. */
export const archiveOfLayout = (files: readonly TarBlock[]): Buffer =>
  archiveOf([file('build.json', { manifest: ONE_SERVICE }), file('web.BABCDEFGHIJ.tar', writeTar(files))]);
