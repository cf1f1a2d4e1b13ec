import { z } from 'zod';

import {
  type Descriptor,
  descriptorSchema,
  type ImageIndex,
  type ImageManifest,
  MANIFEST_TYPES,
  parseManifest,
} from '../descriptor.js';
import type { FetchedManifest } from '../registry-client.js';
import { ArchiveError, shown } from './archive-error.js';
import { type ArchivedImage, storeReceived } from './archived-image.js';
import { checkDocument, MAX_DOCUMENT_BYTES, parseDocument } from './read-document.js';
import type { ImageTar, ReceivedFile } from './receive-image-tar.js';

/** An index of indexes of indexes is nobody's image. */
const MAX_DEPTH = 3;
/** An image for all platforms that there are, with an attestation for each, has far fewer. */
const MAX_MANIFESTS = 200;

const CONFIG_TYPE = /^application\/vnd\.(?:oci\.image\.config|docker\.container\.image|oci\.empty)\.v1\+json$/;
const LAYER_TYPE =
  /^application\/vnd\.(?:oci\.image\.layer(?:\.nondistributable)?\.v1\.tar(?:\+gzip|\+zstd)?|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?|in-toto\+json)$/;

const layoutSchema = z.object({ imageLayoutVersion: z.literal('1.0.0', 'expected version 1.0.0') });
const indexSchema = z.object({ manifests: z.array(descriptorSchema) });

const malformed = (message: string) => new ArchiveError('malformed', message);

const isIndexType = (mediaType: string) => MANIFEST_TYPES.slice(0, 2).some((type) => type === mediaType);

/** What a descriptor names has to be in this archive, as it says. */
function getNamed({ files }: ImageTar, { digest, size, urls = [] }: Descriptor): ReceivedFile {
  if (urls.length > 0) throw malformed(`${digest} is somewhere else, not in the archive`);
  const blob = files.get(`blobs/${digest.replace(':', '/')}`);
  if (blob === undefined) throw malformed(`${digest} is missing`);
  if (blob.size !== size) throw malformed(`${digest} has ${blob.size} bytes and not ${size}`);
  return blob;
}

function parse({ digest, mediaType }: Descriptor, bytes: Buffer): ImageManifest | ImageIndex {
  try {
    const manifest = parseManifest(bytes);
    const isAsNamed = (manifest.kind === 'index') === isIndexType(mediaType);
    if (isAsNamed && (manifest.mediaType ?? mediaType) === mediaType) return manifest;
    throw new SyntaxError('it is of another media type than it is named by');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new ArchiveError('malformed', `manifest ${digest} cannot be read: ${what}`, { cause: error });
  }
}

async function storeContents(tar: ImageTar, { config, layers }: ImageManifest): Promise<void> {
  const files = [config, ...layers].map((blob) => getNamed(tar, blob));
  if (config.size > MAX_DOCUMENT_BYTES) throw malformed(`config ${config.digest} is too large`);
  const unknown = CONFIG_TYPE.test(config.mediaType) ? layers.find((one) => !LAYER_TYPE.test(one.mediaType)) : config;
  if (unknown !== undefined) throw malformed(`unknown media type "${shown(unknown.mediaType)}" of ${unknown.digest}`);
  for (const file of files) await storeReceived(tar.place, file);
}

/** Reads a layout's one image from its top down. */
class LayoutReader {
  readonly manifests = new Map<string, FetchedManifest>();
  readonly #tar: ImageTar;

  constructor(tar: ImageTar) {
    this.#tar = tar;
  }

  async read(descriptor: Descriptor, depth: number): Promise<void> {
    const { digest, mediaType, size } = descriptor;
    if (this.manifests.has(digest)) return;
    if (depth > MAX_DEPTH) throw malformed(`indexes are nested more than ${MAX_DEPTH} deep`);
    if (!MANIFEST_TYPES.some((type) => type === mediaType)) {
      throw malformed(`unknown media type "${shown(mediaType)}" of ${digest}`);
    }
    const { bytes } = getNamed(this.#tar, descriptor);
    if (bytes === undefined) throw malformed(`manifest ${digest} is too large, or no JSON`);
    const manifest = parse(descriptor, bytes);
    if (manifest.kind === 'manifest') await storeContents(this.#tar, manifest);
    else for (const child of manifest.manifests) await this.read(child, depth + 1);
    this.manifests.set(digest, { descriptor: { mediaType, digest, size }, bytes });
    if (this.manifests.size > MAX_MANIFESTS) throw malformed('it has too many manifests');
  }
}

/**
 * Finds the image of an OCI image layout: digests and sizes are right from `index.json` on, and nothing is missing.
 *
 * @throws {ArchiveError}
 */
export async function resolveLayout(tar: ImageTar): Promise<ArchivedImage> {
  const [link] = tar.links.keys();
  if (link !== undefined) throw malformed(`"${shown(link)}" is a link`);
  const document = (name: string) => parseDocument(name, tar.documents.get(name) ?? Buffer.alloc(0));
  checkDocument('oci-layout', document('oci-layout'), layoutSchema);
  const { manifests } = checkDocument('index.json', document('index.json'), indexSchema);
  const [top] = manifests;
  if (top === undefined || manifests.length > 1) {
    throw malformed(`index.json names ${manifests.length} images and not one`);
  }
  const reader = new LayoutReader(tar);
  await reader.read(top, 1);
  return { top, manifests: [...reader.manifests.values()] };
}
