import { Readable } from 'node:stream';

import type { Descriptor } from '../descriptor.js';
import type { FetchedManifest, RegistryClient, Repository } from '../registry-client.js';
import { digestOf } from '../verify-digest.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const INDEX = 'application/vnd.oci.image.index.v1+json';

function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function manifestOf(mediaType: string, content: object): FetchedManifest {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }));
  return { bytes, descriptor: describe(mediaType, bytes) };
}

async function pushBlob(
  client: RegistryClient,
  target: Repository,
  { mediaType, text }: { mediaType: string; text: string },
): Promise<Descriptor> {
  const bytes = Buffer.from(text);
  const descriptor = describe(mediaType, bytes);
  await client.putBlob(target, descriptor, async () => Readable.from([bytes]));
  return descriptor;
}

/** Pushes an image with one layer of this text, under its digest. */
export async function pushTestImage(client: RegistryClient, target: Repository, text: string): Promise<Descriptor> {
  return pushTestImageOf(client, target, await pushBlob(client, target, { mediaType: LAYER, text }));
}

/** Pushes an image with this layer, which is there, under its digest. */
export async function pushTestImageOf(
  client: RegistryClient,
  target: Repository,
  layer: Descriptor,
): Promise<Descriptor> {
  const text = JSON.stringify({ architecture: 'amd64', os: 'linux', layer: layer.digest });
  const config = await pushBlob(client, target, { mediaType: CONFIG, text });
  const manifest = manifestOf(MANIFEST, { config, layers: [layer] });
  await client.putManifest(target, manifest);
  return manifest.descriptor;
}

/** Pushes an index of these manifests, under its digest. */
export async function pushTestIndex(
  client: RegistryClient,
  target: Repository,
  manifests: readonly Descriptor[],
): Promise<Descriptor> {
  const index = manifestOf(INDEX, { manifests });
  await client.putManifest(target, index);
  return index.descriptor;
}
