import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  DeleteObjectCommand,
  ListPartsCommand,
  type Part,
} from '@aws-sdk/client-s3';
import { TRAILER_BYTES } from '@convox-builds/domain';

import type { DirectUpload } from '../direct-uploads.js';
import { assertKey } from '../object-keys.js';
import { ObjectStorageError } from '../object-storage-error.js';
import type { StoredObject } from '../stored-object.js';
import { readTail } from './read-tail.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { s3Code } from './s3-error.js';
import { sendPatiently } from './send-patiently.js';

/** Lists the parts that S3 has, and not those that the client says it has. */
async function listParts(bucket: S3Bucket, { key, id }: DirectUpload): Promise<Part[] | undefined> {
  const { client, patienceMs } = bucket;
  const parts: Part[] = [];
  let marker: string | undefined;
  do {
    const from = marker === undefined ? {} : { PartNumberMarker: marker };
    const command = new ListPartsCommand({ ...addressOf(bucket, key), UploadId: id, ...from });
    const ask = async (abortSignal: AbortSignal) => {
      try {
        return await client.send(command, { abortSignal });
      } catch (error) {
        if (s3Code(error) === 'NoSuchUpload') return undefined;
        throw error;
      }
    };
    const page = await sendPatiently(ask, { action: `find the upload of "${key}"`, patienceMs });
    if (page === undefined) return undefined;
    parts.push(...(page.Parts ?? []));
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
}

async function joinParts(bucket: S3Bucket, { key, id }: DirectUpload, parts: readonly Part[]): Promise<void> {
  const Parts = parts.map(
    ({ PartNumber, ETag, ChecksumSHA256 }): CompletedPart => ({ PartNumber, ETag, ChecksumSHA256 }),
  );
  const upload = { ...addressOf(bucket, key), UploadId: id, MultipartUpload: { Parts } };
  const { client, patienceMs } = bucket;
  const command = new CompleteMultipartUploadCommand(upload);
  const send = async (abortSignal: AbortSignal) => {
    try {
      await client.send(command, { abortSignal });
    } catch (error) {
      // Of an earlier try whose answer got lost: the tail tells whether it is the right one.
      if (s3Code(error) !== 'NoSuchUpload') throw error;
    }
  };
  await sendPatiently(send, { action: `complete the upload of "${key}"`, patienceMs });
}

async function hasContent(bucket: S3Bucket, key: string, announced: StoredObject): Promise<boolean> {
  const content = await readTail(bucket, key);
  return content?.size === announced.size && content.sha256?.toString('hex') === announced.sha256;
}

/** Makes an object of the parts that a client has sent, when they are what it announces. */
export async function completeDirectUpload(
  bucket: S3Bucket,
  upload: DirectUpload,
  announced: StoredObject,
): Promise<void> {
  const { key } = upload;
  assertKey(key);
  const parts = await listParts(bucket, upload);
  if (parts === undefined) {
    // Completed before: whoever asks again, because an answer got lost, is told so again.
    if (await hasContent(bucket, key, announced)) return;
    throw new ObjectStorageError('no-upload', `Cannot complete the upload of "${key}": there is no such upload`);
  }
  const bytes = parts.reduce((total, { Size = 0 }) => total + Size, 0) - TRAILER_BYTES;
  const wrong = (what: string) =>
    new ObjectStorageError('not-as-announced', `Cannot complete the upload of "${key}": ${what}`);
  if (bytes !== announced.size)
    throw wrong(`${Math.max(bytes, 0)} bytes have arrived, ${announced.size} were announced`);
  await joinParts(bucket, upload, parts);
  if (await hasContent(bucket, key, announced)) return;
  const command = new DeleteObjectCommand(addressOf(bucket, key));
  const options = { action: `delete object "${key}"`, patienceMs: bucket.patienceMs };
  await sendPatiently((abortSignal) => bucket.client.send(command, { abortSignal }), options);
  throw wrong('its last bytes are not the announced digest');
}
