import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';

import { ABANDONED_AFTER_MS } from '../sweep-abandoned.js';
import type { S3Bucket } from './s3-bucket.js';
import { sendPatiently } from './send-patiently.js';

/**
 * Gives up the uploads of processes that were killed, and of clients that went away; those of other, living ones are left
 * alone. A rule of the bucket can do the same, and does it where we may not.
 */
export async function sweepUploads(bucket: S3Bucket, now = Date.now()): Promise<void> {
  const { client, name: Bucket, patienceMs } = bucket;
  const options = { action: 'sweep abandoned uploads', patienceMs };
  const list = new ListMultipartUploadsCommand({ Bucket, Prefix: bucket.prefix });
  const { Uploads = [] } = await sendPatiently((abortSignal) => client.send(list, { abortSignal }), options);
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (Initiated === undefined || now - Initiated.getTime() < ABANDONED_AFTER_MS) continue;
    const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
    await sendPatiently((abortSignal) => client.send(command, { abortSignal }), options);
  }
}
