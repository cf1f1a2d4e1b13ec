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

async function copyBlob({ client, source, target, signal }: Copy, descriptor: Descriptor): Promise<void> {
  await client.putBlob(target, descriptor, () => client.getBlob(source, descriptor, { signal }), { signal });
}

async function copyManifest(copy: Copy, manifest: FetchedManifest, depth: number): Promise<void> {
  const { client, source, target, signal } = copy;
  if (depth > MAX_DEPTH)
    throw new RegistryError('invalid', `Cannot copy ${manifest.descriptor.digest}: indexes are nested too deep`);
  const content = readManifest(manifest);
  if (content.kind === 'manifest') {
    for (const blob of [content.config, ...content.layers]) await copyBlob(copy, blob);
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
