import type { ImageReference } from '@convox-builds/domain';

import { type Descriptor, parseManifest } from './descriptor.js';
import type { FetchedManifest, RegistryClient, Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';

/** An index of indexes of indexes is nobody's image. */
const MAX_DEPTH = 3;

/** An image on its way from one repository to another. */
interface Copy {
  readonly client: RegistryClient;
  readonly source: Repository;
  readonly target: Repository;
  readonly signal?: AbortSignal | undefined;
}

function readManifest({ bytes, descriptor }: FetchedManifest) {
  try {
    return parseManifest(bytes);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new RegistryError('invalid', `Cannot read manifest ${descriptor.digest}: ${what}`, { cause: error });
  }
}

/** What is in the same registry already needs not be sent through us. */
function findMountable({ place }: FetchedManifest, target: Repository): string | undefined {
  return place?.registry === target.registry ? place.repository : undefined;
}

async function copyBlob(
  { client, source, target, signal }: Copy,
  { descriptor, mountFrom }: { descriptor: Descriptor; mountFrom: string | undefined },
): Promise<void> {
  const open = () => client.getBlob(source, descriptor, { signal });
  await client.putBlob(target, descriptor, open, { signal, mountFrom });
}

async function copyManifest(copy: Copy, manifest: FetchedManifest, depth: number): Promise<void> {
  const { client, source, target, signal } = copy;
  if (depth > MAX_DEPTH)
    throw new RegistryError('invalid', `Cannot copy ${manifest.descriptor.digest}: indexes are nested too deep`);
  const content = readManifest(manifest);
  if (content.kind === 'manifest') {
    const mountFrom = findMountable(manifest, target);
    for (const descriptor of [content.config, ...content.layers]) await copyBlob(copy, { descriptor, mountFrom });
  } else {
    for (const { digest } of content.manifests) {
      const child = await client.getManifest({ ...source, digest }, { signal });
      await copyManifest(copy, child, depth + 1);
    }
  }
  // What it refers to is there now, as registries demand.
  await client.putManifest(target, manifest, { signal });
}

/**
 * Copies an image unchanged: the same digest, every platform, streamed blob by blob. Blobs that the target has are not
 * sent again.
 *
 * @returns what the copy is, to be pulled from the target by its digest
 * @throws {RegistryError}
 */
export async function copyImage(
  client: RegistryClient,
  { source, target, signal }: { source: ImageReference; target: Repository; signal?: AbortSignal },
): Promise<Descriptor> {
  const manifest = await client.getManifest(source, { signal });
  await copyManifest({ client, source, target, signal }, manifest, 1);
  return manifest.descriptor;
}
