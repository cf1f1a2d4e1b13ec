import { type BuiltImages, serviceImageTag } from '@convox-builds/domain';

import type { DescribedImage } from './describe-image.js';
import type { CallOptions, FetchedManifest, RegistryClient, Repository } from './registry-client.js';

/** The images of a build that is complete. */
export interface TaggedBuild {
  readonly id: string;
  /** By service. */
  readonly images: BuiltImages;
  /** By digest, those that are known; the others are asked for. */
  readonly manifests?: ReadonlyMap<string, FetchedManifest> | undefined;
}

/** The manifests of images that were looked up, by digest: they need not be asked for. */
export function manifestsOf(images: ReadonlyMap<string, DescribedImage>): ReadonlyMap<string, FetchedManifest> {
  return new Map([...images.values()].map(({ image, manifest }) => [image.digest, manifest]));
}

/**
 * Writes the tags of a build from its record: `<service>.<build>` names what the record says.
 *
 * @throws {RegistryError} `not-found` when an image is not there any more
 */
export async function tagImages(
  client: RegistryClient,
  repository: Repository,
  build: TaggedBuild,
  { signal }: CallOptions = {},
): Promise<void> {
  for (const [service, { digest }] of Object.entries(build.images)) {
    await client.tag({ ...repository, digest }, serviceImageTag(service, build.id), {
      manifest: build.manifests?.get(digest),
      signal,
    });
  }
}
