import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

import { createGate } from './create-gate.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { sendPatiently } from './send-patiently.js';

const MAX_IN_FLIGHT = 4;

/** An object that is sent in parts, and is there when all of them are. */
export interface MultipartUpload {
  /** Takes a part, when there is room for it; throws what became of an earlier one. */
  add(part: Buffer): Promise<void>;
  /** Makes the object of the parts. */
  complete(): Promise<void>;
  /** Gives up, after the last part has come to its end: S3 would keep one that arrives later. */
  abort(): Promise<void>;
}

/** What the SDK sends a part's checksum as; older servers know of none, and are told none where the SDK is told so. */
async function checksumParameters({ client }: S3Bucket): Promise<{ ChecksumAlgorithm?: 'CRC32' }> {
  const calculation = await client.config.requestChecksumCalculation();
  return calculation === 'WHEN_REQUIRED' ? {} : { ChecksumAlgorithm: 'CRC32' };
}

/** Begins an upload. */
export async function startMultipartUpload(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal | undefined,
): Promise<MultipartUpload> {
  const { client, patienceMs } = bucket;
  const address = addressOf(bucket, key);
  const options = { action: `store object "${key}"`, patienceMs, signal };
  const create = new CreateMultipartUploadCommand({
    ...address,
    ...bucket.encryption,
    ...(await checksumParameters(bucket)),
  });
  const { UploadId } = await sendPatiently((abortSignal) => client.send(create, { abortSignal }), options);
  const upload = { ...address, UploadId };
  // One that fails ends the others: nothing can become of them.
  const failure = new AbortController();
  const sending: Promise<CompletedPart>[] = [];
  const gate = createGate(MAX_IN_FLIGHT);

  async function send(Body: Buffer, PartNumber: number): Promise<CompletedPart> {
    const command = new UploadPartCommand({ ...upload, PartNumber, Body });
    const both = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
    const sent = await sendPatiently((abortSignal) => client.send(command, { abortSignal }), {
      ...options,
      signal: both,
    });
    const { ETag, ChecksumCRC32 } = sent;
    return { PartNumber, ETag, ChecksumCRC32 };
  }

  return {
    add: async (part) => {
      const leaves = [await gate.enter(), await bucket.gate.enter()];
      const leave = () => leaves.forEach((one) => one());
      if (failure.signal.aborted) leave();
      failure.signal.throwIfAborted();
      const sent = send(part, sending.length + 1).finally(leave);
      sent.catch((error: unknown) => failure.abort(error));
      sending.push(sent);
    },
    complete: async () => {
      const MultipartUpload = { Parts: await Promise.all(sending) };
      const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload });
      await sendPatiently((abortSignal) => client.send(command, { abortSignal }), options);
    },
    abort: async () => {
      failure.abort(new Error('the upload is given up'));
      await Promise.allSettled(sending);
      const command = new AbortMultipartUploadCommand(upload);
      // What is left behind is swept later; why the upload failed is what the caller wants to know.
      await sendPatiently((abortSignal) => client.send(command, { abortSignal }), { action: '', patienceMs }).catch(
        () => {},
      );
    },
  };
}
