import { type BuiltImages, serviceImageTag } from '@convox-builds/domain';

import type { CallOptions, FetchedManifest, RegistryClient, Repository } from './registry-client.js';

/** The images of a build that is complete. */
export interface TaggedBuild {
  readonly id: string;
  /** By service. */
  readonly images: BuiltImages;
  /** By digest, those that are known; the others are asked for. */
  readonly manifests?: ReadonlyMap<string, FetchedManifest> | undefined;
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
