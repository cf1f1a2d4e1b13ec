import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { PutObjectCommand } from '@aws-sdk/client-s3';
import { cutIntoParts } from '@convox-builds/domain';

import { createMeter } from '../create-meter.js';
import type { PutOptions } from '../object-storage.js';
import { ObjectStorageError } from '../object-storage-error.js';
import type { StoredObject } from '../stored-object.js';
import { type MultipartUpload, startMultipartUpload } from './multipart-upload.js';
import { readTail } from './read-tail.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { sendPatiently } from './send-patiently.js';

/** S3 takes 10,000 parts at most: objects of 80 GiB. */
const PART_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 9_999 * PART_BYTES;

/** An object of one part is stored at once. */
async function putWhole(bucket: S3Bucket, key: string, Body: Buffer, signal: AbortSignal | undefined): Promise<void> {
  const { client, patienceMs } = bucket;
  const command = new PutObjectCommand({ ...addressOf(bucket, key), ...bucket.encryption, Body });
  const options = { action: `store object "${key}"`, patienceMs, signal };
  await sendPatiently((abortSignal) => client.send(command, { abortSignal }), options);
}

/** Makes the object; that it was made already by a request whose answer got lost is no failure. */
async function complete(bucket: S3Bucket, key: string, upload: MultipartUpload, sha256: string): Promise<void> {
  try {
    await upload.complete();
  } catch (error) {
    const isThere = error instanceof ObjectStorageError && /NoSuchUpload/.test(error.message);
    const content = isThere ? await readTail(bucket, key) : undefined;
    if (content?.sha256?.toString('hex') !== sha256) throw error;
  }
}

/** Stores a stream, whole or not at all. */
export async function putContent(
  bucket: S3Bucket,
  key: string,
  content: Readable,
  { signal, maxBytes = MAX_BYTES }: PutOptions,
): Promise<StoredObject> {
  const { meter, result } = createMeter(Math.min(maxBytes, MAX_BYTES));
  let upload: MultipartUpload | undefined;
  const send = async (metered: AsyncIterable<Buffer>) => {
    for await (const part of cutIntoParts(metered, PART_BYTES)) {
      if (upload === undefined && part.length < PART_BYTES) return putWhole(bucket, key, part, signal);
      upload ??= await startMultipartUpload(bucket, key, signal);
      await upload.add(part);
    }
  };
  try {
    await pipeline(content, meter, send, signal === undefined ? {} : { signal });
    if (upload !== undefined) await complete(bucket, key, upload, result().sha256);
    return result();
  } catch (error) {
    await upload?.abort();
    throw error;
  }
}
