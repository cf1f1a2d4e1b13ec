import { type Descriptor, parseManifest } from './descriptor.js';
import type { CallOptions, RegistryClient, Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';

const AT_ONCE = 8;

interface Measuring extends CallOptions {
  readonly registry: RegistryClient;
  /** Bytes of everything that was met, by digest. */
  readonly sizes: Map<string, number>;
}

/** Adds a manifest and what it names, down to the layers; what is there already is not asked for again. */
async function addManifest(repository: Repository, digest: string, measuring: Measuring): Promise<void> {
  const { registry, sizes, signal } = measuring;
  if (sizes.has(digest)) return;
  const { descriptor, bytes } = await registry.getManifest({ ...repository, digest }, { signal });
  sizes.set(digest, descriptor.size);
  const manifest = parseManifest(bytes);
  const add = ({ digest: part, size }: Descriptor) => sizes.set(part, size);
  if (manifest.kind === 'manifest') [manifest.config, ...manifest.layers].forEach(add);
  else for (const child of manifest.manifests) await addManifest(repository, child.digest, measuring);
}

/**
 * Counts the bytes that images take in a repository: manifests, configurations and layers, each once however many images
 * have it. Images that are not there take none. Memory grows with the number of different layers.
 *
 * @throws {RegistryError} when the registry cannot be asked
 */
export async function measureImages(
  repository: Repository,
  digests: readonly string[],
  registry: RegistryClient,
  { signal }: CallOptions = {},
): Promise<number> {
  const measuring: Measuring = { registry, sizes: new Map(), signal };
  const waiting = [...new Set(digests)];
  const measure = async () => {
    for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
      await addManifest(repository, digest, measuring).catch((error: unknown) => {
        if (!(error instanceof RegistryError) || error.code !== 'not-found') throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, measure));
  return [...measuring.sizes.values()].reduce((sum, size) => sum + size, 0);
}
