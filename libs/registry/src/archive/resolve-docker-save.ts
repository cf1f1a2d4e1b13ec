import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { z } from 'zod';

import { digestSchema } from '../descriptor.js';
import { digestOf } from '../verify-digest.js';
import { ArchiveError, shown } from './archive-error.js';
import { type ArchivedImage, storeReceived } from './archived-image.js';
import { checkDocument, parseDocument } from './read-document.js';
import type { ImageTar, ReceivedFile } from './receive-image-tar.js';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';
/** Layers link to layers, not to links that link to links. */
const MAX_LINKS = 8;
const MAX_IMAGES = 100;
const MAX_LAYERS = 200;

/** `manifest.json` of `docker save` (moby, `image/tarexport`). */
const savedSchema = z
  .array(
    z.object({
      Config: z.string(),
      RepoTags: z.array(z.string()).nullish(),
      Layers: z.array(z.string()).max(MAX_LAYERS).nullish(),
    }),
  )
  .min(1, 'it names no image')
  .max(MAX_IMAGES);

const configSchema = z.object({ rootfs: z.object({ diff_ids: z.array(digestSchema).nullish() }) });

/** An image of `docker save`. */
export interface SavedImage {
  readonly services: readonly string[];
  readonly image: ArchivedImage;
}

const malformed = (message: string) => new ArchiveError('malformed', message);

function findFile({ files, links }: ImageTar, name: string): ReceivedFile {
  let path = name;
  for (let followed = 0; followed <= MAX_LINKS; followed++) {
    const file = files.get(path);
    if (file !== undefined) return file;
    const target = links.get(path);
    if (target === undefined) throw malformed(`"${shown(name)}" is missing`);
    path = target;
  }
  throw malformed(`"${shown(name)}" is a link that leads nowhere`);
}

function serviceOf(tag: string): string {
  const [, service] = /:([^:./]+)\.[^:/]+$/.exec(tag) ?? [];
  if (service === undefined) throw malformed(`tag "${shown(tag)}" names no service`);
  return service;
}

/** The digest of a layer's content before it was compressed; of one that is not gzip, its own. */
async function digestOfPlain({ place }: ImageTar, layer: ReceivedFile): Promise<string> {
  const { client, repository, signal } = place;
  const hash = createHash('sha256');
  const content = await client.getBlob(repository, { mediaType: LAYER_TYPE, ...layer }, { signal });
  try {
    await pipeline(content, createGunzip(), hash);
    return `sha256:${hash.digest('hex')}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return layer.digest;
    throw error;
  }
}

/** Describes layers: Docker's own store saves them as plain tars, containerd's as they were pulled. */
function createLayerReader(tar: ImageTar) {
  const plainDigests = new Map<string, Promise<string>>();
  return async (name: string, diffId: string) => {
    const layer = findFile(tar, name);
    const { digest, size } = layer;
    await storeReceived(tar.place, layer);
    if (digest === diffId) return { mediaType: LAYER_TYPE, digest, size };
    // Images share layers: each is unpacked once.
    const reading = plainDigests.get(digest) ?? digestOfPlain(tar, layer);
    plainDigests.set(digest, reading);
    const plain = await reading;
    if (plain === diffId) return { mediaType: `${LAYER_TYPE}+gzip`, digest, size };
    throw malformed(`layer "${shown(name)}" is damaged: its content is ${plain} and not ${diffId}`);
  };
}

async function makeImage(
  tar: ImageTar,
  saved: z.output<typeof savedSchema>[number],
  describeLayer: ReturnType<typeof createLayerReader>,
): Promise<ArchivedImage> {
  const { Config: name, Layers } = saved;
  const layers = Layers ?? [];
  const config = findFile(tar, name);
  const [, named] = /([0-9a-f]{64})(?:\.json)?$/.exec(name) ?? [];
  if (config.digest !== `sha256:${named}`)
    throw malformed(`config "${shown(name)}" is damaged: it is ${config.digest}`);
  if (config.bytes === undefined) throw malformed(`config "${shown(name)}" is too large, or no JSON`);
  const json = parseDocument(name, config.bytes);
  const diffIds = checkDocument(name, json, configSchema).rootfs.diff_ids ?? [];
  if (diffIds.length !== layers.length) {
    throw malformed(`config "${shown(name)}" has ${diffIds.length} layers and the image ${layers.length}`);
  }
  const described = [];
  for (const [index, layer] of layers.entries()) described.push(await describeLayer(layer, diffIds[index] ?? ''));
  await storeReceived(tar.place, config);
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: { mediaType: CONFIG_TYPE, digest: config.digest, size: config.size },
      layers: described,
    }),
  );
  const top = { mediaType: MANIFEST_TYPE, digest: digestOf(bytes), size: bytes.length };
  return { top, manifests: [{ descriptor: top, bytes }] };
}

/**
 * Finds the images of a `docker save` and makes a manifest for each. The service is the tag up to its first dot.
 *
 * @throws {ArchiveError}
 */
export async function resolveDockerSave(tar: ImageTar): Promise<SavedImage[]> {
  const json = parseDocument('manifest.json', tar.documents.get('manifest.json') ?? Buffer.alloc(0));
  const images: SavedImage[] = [];
  const describeLayer = createLayerReader(tar);
  for (const saved of checkDocument('manifest.json', json, savedSchema)) {
    const tags = saved.RepoTags ?? [];
    if (tags.length === 0) throw malformed(`image "${shown(saved.Config)}" has no tag that names its service`);
    images.push({ services: tags.map(serviceOf), image: await makeImage(tar, saved, describeLayer) });
  }
  return images;
}
