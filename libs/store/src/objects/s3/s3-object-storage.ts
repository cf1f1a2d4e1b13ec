import { PassThrough, pipeline as pipe, Readable } from 'node:stream';

import { DeleteObjectCommand } from '@aws-sdk/client-s3';

import { verifyDigest } from '../digest-trailer.js';
import { assertKey } from '../object-keys.js';
import type { ObjectStorage } from '../object-storage.js';
import { ObjectStorageError } from '../object-storage-error.js';
import { createDirectUploads } from './create-direct-uploads.js';
import { deleteObjects } from './delete-objects.js';
import { listKeys } from './list-keys.js';
import { openBucket } from './open-bucket.js';
import { putContent } from './put-content.js';
import { readContent } from './read-content.js';
import { readTail, type S3Content } from './read-tail.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import type { S3Settings } from './s3-settings.js';
import { sendPatiently } from './send-patiently.js';
import { sweepUploads } from './sweep-uploads.js';

function openContent(bucket: S3Bucket, key: string, content: S3Content): Readable {
  const bytes = Readable.from(readContent(bucket, key, content), { objectMode: false });
  const verified = content.sha256 === undefined ? new PassThrough() : verifyDigest(content.sha256, key);
  // Whoever reads gets the error; a reader that stops early ends the request.
  return pipe(bytes, verified, () => {});
}

async function deleteObject(bucket: S3Bucket, key: string, signal?: AbortSignal): Promise<boolean> {
  if ((await readTail(bucket, key, signal)) === undefined) return false;
  const { client, patienceMs } = bucket;
  const command = new DeleteObjectCommand(addressOf(bucket, key));
  const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
  await sendPatiently(send, { action: `delete object "${key}"`, patienceMs, signal });
  return true;
}

/** Finds out at the start, and not at the first build, that the bucket is none, or not for us. */
async function assertUsable(bucket: S3Bucket): Promise<void> {
  await listKeys({ ...bucket, patienceMs: 1000 }, '', 1).catch((error: unknown) => {
    // One that is away comes back: until then what needs it waits.
    if (!(error instanceof ObjectStorageError) || error.code !== 'unreachable') throw error;
  });
}

/**
 * Keeps objects in a bucket of S3, or of what speaks its protocol. What is kept is the same, byte for byte, as in the files
 * of the disk storage: the content, and then its digest. Contents are sent in parts, and read on after a cut connection.
 *
 * @throws {ObjectStorageError} from every method, when S3 refuses or is away for longer than we wait; and right here when
 *   it refuses
 * @throws {SyntaxError} from every method, for a key that is empty, absolute or has `..` in it
 */
export async function openS3ObjectStorage(settings: S3Settings): Promise<ObjectStorage> {
  const bucket = openBucket(settings);
  await assertUsable(bucket);
  let swept: Promise<void> | undefined;
  const sweep = () => {
    swept ??= sweepUploads(bucket).catch(() => {});
  };
  return {
    put: async (key, content, options = {}) => {
      assertKey(key);
      sweep();
      return putContent(bucket, key, content, options);
    },
    find: async (key) => {
      assertKey(key);
      const content = await readTail(bucket, key);
      return content && { size: content.size };
    },
    get: async (key) => {
      assertKey(key);
      const content = await readTail(bucket, key);
      return content && { size: content.size, content: openContent(bucket, key, content) };
    },
    list: async (prefix, { limit }) => {
      assertKey(`${prefix}x`);
      return listKeys(bucket, prefix, limit);
    },
    delete: async (key, { signal } = {}) => {
      assertKey(key);
      return deleteObject(bucket, key, signal);
    },
    deleteAll: async (prefix) => {
      assertKey(prefix.replace(/\/$/, ''));
      await deleteObjects(bucket, prefix);
    },
    ...(settings.isUploadedDirectly ? { uploads: createDirectUploads(bucket, settings) } : {}),
  };
}
