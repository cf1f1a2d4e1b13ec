import { type Descriptor, type ImageIndex, type ImageManifest, parseManifest } from '../descriptor.js';
import type { CallOptions, FetchedManifest, RegistryClient, Repository } from '../registry-client.js';
import { RegistryError } from '../registry-error.js';

/** An index of indexes of indexes is nobody's image. */
const MAX_DEPTH = 3;

/** Everything that belongs to one image, each once. */
export interface ImageContent {
  readonly manifests: readonly FetchedManifest[];
  readonly blobs: readonly Descriptor[];
}

/** Where an image is. */
export interface ImagePlace extends CallOptions {
  readonly client: RegistryClient;
  readonly repository: Repository;
}

function parse({ bytes, descriptor }: FetchedManifest): ImageManifest | ImageIndex {
  try {
    return parseManifest(bytes);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new RegistryError('invalid', `Cannot read manifest ${descriptor.digest}: ${what}`, { cause: error });
  }
}

/**
 * Lists what an image is made of, from its top down, and makes sure that all of it is there.
 *
 * @throws {RegistryError} `not-found` when something is missing
 */
export async function listImage({ client, repository, signal }: ImagePlace, digest: string): Promise<ImageContent> {
  const manifests = new Map<string, FetchedManifest>();
  const blobs = new Map<string, Descriptor>();
  const visit = async (wanted: string, depth: number): Promise<void> => {
    if (manifests.has(wanted)) return;
    if (depth > MAX_DEPTH) throw new RegistryError('invalid', `Cannot list ${wanted}: indexes are nested too deep`);
    const manifest = await client.getManifest({ ...repository, digest: wanted }, { signal });
    manifests.set(wanted, manifest);
    const content = parse(manifest);
    if (content.kind === 'index') for (const child of content.manifests) await visit(child.digest, depth + 1);
    else for (const blob of [content.config, ...content.layers]) blobs.set(blob.digest, blob);
  };
  await visit(digest, 1);
  for (const blob of blobs.keys()) {
    if (await client.hasBlob(repository, blob, { signal })) continue;
    throw new RegistryError('not-found', `Cannot find blob ${blob} in "${repository.repository}": it is gone`);
  }
  return { manifests: [...manifests.values()], blobs: [...blobs.values()] };
}
