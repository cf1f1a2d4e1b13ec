import { GetObjectCommand } from '@aws-sdk/client-s3';
import { TRAILER_BYTES } from '@convox-builds/domain';

import { parseTail, type StoredContent } from '../digest-trailer.js';
import { ObjectStorageError } from '../object-storage-error.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { s3Code } from './s3-error.js';
import { sendPatiently } from './send-patiently.js';

/** An object as it was when its end was read. */
export interface S3Content extends StoredContent {
  /** Says later whether it is still the same object. */
  readonly etag: string;
}

/** Reads what an object says of its content from its last bytes; `undefined` when there is no such object. */
export async function readTail(bucket: S3Bucket, key: string, signal?: AbortSignal): Promise<S3Content | undefined> {
  const { client, patienceMs } = bucket;
  const action = `find object "${key}"`;
  const command = new GetObjectCommand({ ...addressOf(bucket, key), Range: `bytes=-${TRAILER_BYTES}` });
  const ask = async (abortSignal: AbortSignal): Promise<S3Content | undefined> => {
    try {
      const { Body, ContentRange, ContentLength = 0, ETag = '' } = await client.send(command, { abortSignal });
      const keptBytes = Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1] ?? ContentLength);
      if (ContentLength > TRAILER_BYTES)
        throw new ObjectStorageError('refused', `Cannot ${action}: the S3 server does not serve ranges`);
      const tail = Buffer.from((await Body?.transformToByteArray()) ?? []);
      return { ...parseTail(tail, keptBytes), etag: ETag };
    } catch (error) {
      if (s3Code(error) === 'NoSuchKey') return undefined;
      // Somebody else's empty object has no last byte.
      if (s3Code(error) === 'InvalidRange') return { size: 0, sha256: undefined, etag: '' };
      throw error;
    }
  };
  return sendPatiently(ask, { action, patienceMs, signal });
}
