import { DeleteObjectsCommand, type ObjectIdentifier } from '@aws-sdk/client-s3';

import { ObjectStorageError } from '../object-storage-error.js';
import { listPages } from './list-keys.js';
import type { S3Bucket } from './s3-bucket.js';
import { sendPatiently } from './send-patiently.js';

/** Deletes every object under a prefix, a page at a time. */
export async function deleteObjects(bucket: S3Bucket, prefix: string): Promise<void> {
  const { client, name: Bucket, patienceMs } = bucket;
  const action = `delete the objects under "${prefix}"`;
  for await (const keys of listPages(bucket, prefix)) {
    if (keys.length === 0) continue;
    const Objects: ObjectIdentifier[] = keys.map((key) => ({ Key: `${bucket.prefix}${key}` }));
    const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
    const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
    const { Errors: [first] = [] } = await sendPatiently(send, { action, patienceMs });
    if (first !== undefined)
      throw new ObjectStorageError('refused', `Cannot ${action}: S3 answers ${first.Code}: ${first.Message}`);
  }
}
