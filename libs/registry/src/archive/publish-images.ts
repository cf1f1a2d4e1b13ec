import { type DescribedImage, describeImage } from '../describe-image.js';
import type { FetchedManifest } from '../registry-client.js';
import { RegistryError } from '../registry-error.js';
import { ArchiveError } from './archive-error.js';
import type { ArchivedImage } from './archived-image.js';
import type { ImagePlace } from './list-image.js';

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

/** Lists the images of an archive that nobody has published in its place yet, by their digests. */
export async function listUnpublished(
  { client, repository, signal }: ImagePlace,
  images: ReadonlyMap<string, ArchivedImage>,
): Promise<string[]> {
  const unpublished: string[] = [];
  for (const { top } of images.values()) {
    if (!(await client.hasManifest(repository, top.digest, { signal }))) unpublished.push(top.digest);
  }
  return unpublished;
}

/**
 * Stores the manifests of images whose blobs are in the registry, and makes sure that each image can be pulled by its
 * digest. What was stored before a failure stays: whoever else has the same image may need it already.
 *
 * @returns the images by service
 * @throws {ArchiveError} when the registry finds a manifest bad
 * @throws {RegistryError}
 */
export async function publishImages(
  place: ImagePlace,
  images: ReadonlyMap<string, ArchivedImage>,
): Promise<ReadonlyMap<string, DescribedImage>> {
  const published = new Map<string, DescribedImage>();
  for (const [service, image] of images) {
    for (const manifest of image.manifests) await putManifest(place, manifest);
    published.set(service, await describe(place, image));
  }
  return published;
}
