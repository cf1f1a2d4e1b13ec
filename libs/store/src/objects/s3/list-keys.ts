import { ListObjectsV2Command } from '@aws-sdk/client-s3';

import type { S3Bucket } from './s3-bucket.js';
import { sendPatiently } from './send-patiently.js';

const PAGE = 1000;

/** Lists the keys under a prefix, page by page, in the order of their bytes. */
export async function* listPages(bucket: S3Bucket, prefix: string, limit = PAGE): AsyncGenerator<string[]> {
  const { client, name: Bucket, patienceMs } = bucket;
  const asked = { Bucket, Prefix: `${bucket.prefix}${prefix}`, MaxKeys: Math.min(limit, PAGE) };
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      ...asked,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
    const page = await sendPatiently(send, { action: `list the objects under "${prefix}"`, patienceMs });
    const keys = (page.Contents ?? []).map(({ Key = '' }) => Key.slice(bucket.prefix.length));
    // Folders that people make in a console are objects, too, and none of ours.
    yield keys.filter((key) => !key.endsWith('/') && key !== '');
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** Lists at most `limit` keys under a prefix. */
export async function listKeys(bucket: S3Bucket, prefix: string, limit: number): Promise<string[]> {
  const keys: string[] = [];
  if (limit === 0) return keys;
  for await (const page of listPages(bucket, prefix, limit)) {
    keys.push(...page);
    if (keys.length >= limit) break;
  }
  return keys.slice(0, limit);
}
