import type { Readable } from 'node:stream';

import { GetObjectCommand } from '@aws-sdk/client-s3';

import { ObjectStorageError } from '../object-storage-error.js';
import type { S3Content } from './read-tail.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { explainS3Error, isPassing, s3Code } from './s3-error.js';
import { sendPatiently } from './send-patiently.js';

/** A connection that brings nothing for so long brings nothing more. */
const STALLED_AFTER_MS = 20_000;

/** Passes a body on; it breaks when nothing comes. While nobody reads nothing needs to come. */
async function* watchPace(body: Readable, stalledAfterMs: number): AsyncGenerator<Buffer> {
  const stalled = () => body.destroy(new ObjectStorageError('unreachable', 'S3 sends nothing more'));
  let timer = setTimeout(stalled, stalledAfterMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(stalled, stalledAfterMs);
    }
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

/** Opens the content of an object from a byte on. */
async function openFrom(bucket: S3Bucket, key: string, { from, content }: { from: number; content: S3Content }) {
  const Range = `bytes=${from}-${content.size - 1}`;
  const command = new GetObjectCommand({ ...addressOf(bucket, key), Range, IfMatch: content.etag });
  const ask = async (abortSignal: AbortSignal) => {
    try {
      return await bucket.client.send(command, { abortSignal });
    } catch (error) {
      if (s3Code(error) === 'PreconditionFailed' || s3Code(error) === 'NoSuchKey')
        throw new ObjectStorageError('changed', `Cannot read object "${key}": it was replaced while it was read`);
      throw error;
    }
  };
  const { Body } = await sendPatiently(ask, { action: `read object "${key}"`, patienceMs: bucket.patienceMs });
  return Body as Readable;
}

/** Reads the content of an object. A connection that breaks or stalls is replaced by one that goes on where it was. */
export async function* readContent(bucket: S3Bucket, key: string, content: S3Content): AsyncGenerator<Buffer> {
  const stalledAfterMs = Math.min(STALLED_AFTER_MS, bucket.patienceMs / 2);
  let position = 0;
  let deadline = performance.now() + bucket.patienceMs;
  while (position < content.size) {
    const body = await openFrom(bucket, key, { from: position, content });
    try {
      for await (const chunk of watchPace(body, stalledAfterMs)) {
        position += chunk.length;
        yield chunk;
        deadline = performance.now() + bucket.patienceMs;
      }
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw explainS3Error(`read object "${key}"`, error);
    }
  }
}
