import { TAR_END_BYTES } from '@convox-builds/tar';

import type { Descriptor } from '../descriptor.js';
import { type ImagePlace, listImage } from './list-image.js';
import { type Section, sectionOf, tarFile, tarFolder } from './section.js';

const FILE = { mode: 0o644, modifiedSeconds: 0 };

const jsonSection = (value: object) => sectionOf(Buffer.from(JSON.stringify(value)));

/**
 * Writes an image as an OCI image layout in a tar (OCI image spec, "Image Layout Specification"): complete in itself,
 * its index naming the one image. The blobs come from the registry when they are read.
 *
 * @throws {RegistryError} when the image is not whole
 */
export async function writeImageLayout(place: ImagePlace, image: Descriptor): Promise<Section[]> {
  const { client, repository } = place;
  const { manifests, blobs } = await listImage(place, image.digest);
  const blobFile = ({ digest }: Pick<Descriptor, 'digest'>, content: Section) =>
    tarFile({ ...FILE, path: `blobs/${digest.replace(':', '/')}`, content: [content] });
  const { mediaType, digest, size } = image;
  const index = { schemaVersion: 2, manifests: [{ mediaType, digest, size }] };
  return [
    ...tarFile({ ...FILE, path: 'oci-layout', content: [jsonSection({ imageLayoutVersion: '1.0.0' })] }),
    ...tarFile({ ...FILE, path: 'index.json', content: [jsonSection(index)] }),
    tarFolder('blobs'),
    tarFolder('blobs/sha256'),
    ...manifests.flatMap(({ descriptor, bytes }) => blobFile(descriptor, sectionOf(bytes))),
    ...blobs.flatMap((blob) =>
      blobFile(blob, { size: blob.size, open: (signal) => client.getBlob(repository, blob, { signal }) }),
    ),
    sectionOf(Buffer.alloc(TAR_END_BYTES)),
  ];
}
