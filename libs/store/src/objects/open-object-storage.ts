import { createDiskObjectStorage } from './disk-object-storage.js';
import type { ObjectStorage } from './object-storage.js';
import type { ObjectStorageSettings } from './object-storage-settings.js';

/**
 * Opens the object storage that the settings name.
 *
 * @throws {ObjectStorageError} when S3 refuses us
 */
export async function openObjectStorage(settings: ObjectStorageSettings): Promise<ObjectStorage> {
  if (settings.kind === 'disk') return createDiskObjectStorage({ folder: settings.folder });
  // The SDK takes half a second to load, which only those wait for who need it.
  const { openS3ObjectStorage } = await import('./s3/s3-object-storage.js');
  return openS3ObjectStorage(settings);
}
