import { Readable } from 'node:stream';

import type { Descriptor } from '../descriptor.js';
import type { FetchedManifest } from '../registry-client.js';
import type { ImagePlace } from './list-image.js';
import type { ReceivedFile } from './receive-image-tar.js';

/** An image out of an archive: its blobs are in the registry, its manifests are not yet. */
export interface ArchivedImage {
  readonly top: Descriptor;
  /** In the order in which a registry takes them: each after what it names. */
  readonly manifests: readonly FetchedManifest[];
}

/** Makes sure that a file which an image names is in the registry. */
export async function storeReceived({ client, repository, signal }: ImagePlace, file: ReceivedFile): Promise<void> {
  const { bytes, digest, size } = file;
  if (bytes === undefined) return;
  const descriptor = { mediaType: 'application/octet-stream', digest, size };
  await client.putBlob(repository, descriptor, async () => Readable.from([bytes]), { signal });
}
