import type { BuiltImages } from '@convox-builds/domain';
import { type Descriptor, parseManifest, type RegistryClient, type Repository } from '@convox-builds/registry';

import type { RackRegistry } from '../archives/rack-registry.js';

/** The blobs of an image; of an index, those of its first image. */
async function listBlobs(
  client: RegistryClient,
  reference: Repository & { readonly digest: string },
  signal: AbortSignal,
): Promise<readonly Descriptor[]> {
  const { bytes } = await client.getManifest(reference, { signal });
  const manifest = parseManifest(bytes);
  if (manifest.kind === 'manifest') return [manifest.config, ...manifest.layers];
  const [first] = manifest.manifests;
  return first === undefined ? [] : listBlobs(client, { ...reference, digest: first.digest }, signal);
}

/** How many bytes the registry has of a build's images, as they are stored; what several share counts once. */
export async function measureImages(
  { client, repositoryOf }: Pick<RackRegistry, 'client' | 'repositoryOf'>,
  { app, images }: { readonly app: string; readonly images: BuiltImages },
  signal: AbortSignal,
): Promise<number> {
  const sizes = new Map<string, number>();
  for (const { digest } of Object.values(images)) {
    const blobs = await listBlobs(client, { ...repositoryOf(app), digest }, signal);
    for (const blob of blobs) sizes.set(blob.digest, blob.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
