import { type DescribedImage, describeImage } from '../describe-image.js';
import type { FetchedManifest } from '../registry-client.js';
import { RegistryError } from '../registry-error.js';
import { ArchiveError } from './archive-error.js';
import type { ArchivedImage } from './archived-image.js';
import type { ImagePlace } from './list-image.js';

/** Images that can be pulled by their digests. */
export interface PublishedImages {
  /** By service. */
  readonly images: ReadonlyMap<string, DescribedImage>;
  /** Takes them back: removes the manifests that were not there before. */
  readonly withdraw: () => Promise<void>;
}

async function putManifest({ client, repository, signal }: ImagePlace, manifest: FetchedManifest): Promise<void> {
  try {
    await client.putManifest(repository, manifest, { signal });
  } catch (error) {
    // What a registry finds wrong with a manifest is the archive's fault.
    if (!(error instanceof RegistryError) || error.code !== 'invalid') throw error;
    throw new ArchiveError('malformed', `the registry refuses manifest ${manifest.descriptor.digest}`, {
      cause: error,
    });
  }
}

async function describe({ client, repository }: ImagePlace, { top }: ArchivedImage): Promise<DescribedImage> {
  try {
    return await describeImage({ ...repository, digest: top.digest }, client);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new ArchiveError('malformed', `the config of ${top.digest} makes no sense`, { cause: error });
  }
}

/**
 * Stores the manifests of images whose blobs are in the registry, and makes sure that each image can be pulled by its
 * digest. On a failure none of them stays that was not there before.
 *
 * @param isNamed tells whether somebody has recorded an image meanwhile: then all stays
 * @throws {ArchiveError} when the registry finds a manifest bad
 * @throws {RegistryError}
 */
export async function publishImages(
  place: ImagePlace,
  images: ReadonlyMap<string, ArchivedImage>,
  { isNamed = async () => false }: { isNamed?: (digest: string) => Promise<boolean> } = {},
): Promise<PublishedImages> {
  const { client, repository, signal } = place;
  const written: string[] = [];
  const withdraw = async () => {
    for (const { top } of images.values()) if (await isNamed(top.digest)) return;
    // Those that name others go first.
    for (const digest of written.toReversed()) await client.deleteManifest(repository, digest);
  };
  const write = async (manifest: FetchedManifest) => {
    const { digest } = manifest.descriptor;
    if (!(await client.hasManifest(repository, digest, { signal }))) written.push(digest);
    await putManifest(place, manifest);
  };
  const published = new Map<string, DescribedImage>();
  try {
    for (const [service, image] of images) {
      for (const manifest of image.manifests) await write(manifest);
      published.set(service, await describe(place, image));
    }
    return { images: published, withdraw };
  } catch (error) {
    await withdraw().catch(() => {});
    throw error;
  }
}
