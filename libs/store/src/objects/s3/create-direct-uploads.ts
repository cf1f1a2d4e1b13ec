import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

import type { DirectUpload, DirectUploads } from '../direct-uploads.js';
import { assertKey } from '../object-keys.js';
import { completeDirectUpload } from './complete-direct-upload.js';
import { clientConfig } from './open-bucket.js';
import { addressOf, type S3Bucket } from './s3-bucket.js';
import { explainS3Error, s3Code } from './s3-error.js';
import type { S3Settings } from './s3-settings.js';
import { sendPatiently } from './send-patiently.js';

const PART_BYTES = 8 * 1024 * 1024;
/** What S3 takes at most. */
const MAX_PARTS = 10_000;
/** Long enough for a part on a slow line; a new URL is asked for when it was not. */
const EXPIRES_AFTER_SECONDS = 900;

/** Signs for the address where clients reach S3, which may be another one than ours. */
function createSigner(settings: S3Settings): S3Client {
  return new S3Client(clientConfig({ ...settings, endpoint: settings.publicEndpoint }));
}

async function signPart(
  signer: S3Client,
  address: { Bucket: string; Key: string; UploadId: string },
  { number, bytes, sha256 }: Parameters<DirectUploads['signPart']>[1],
): ReturnType<DirectUploads['signPart']> {
  const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
  const command = new UploadPartCommand({ ...address, PartNumber: number, ContentLength: bytes, ChecksumSHA256 });
  // Both are headers that are signed: S3 refuses another size, and another content.
  const url = await getSignedUrl(signer, command, {
    expiresIn: EXPIRES_AFTER_SECONDS,
    signableHeaders: new Set(['host', 'content-length', 'x-amz-checksum-sha256']),
    unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
  });
  return {
    url,
    headers: { 'Content-Length': String(bytes), 'x-amz-checksum-sha256': ChecksumSHA256 },
    expiresAt: new Date(Date.now() + EXPIRES_AFTER_SECONDS * 1000),
  };
}

/** Lets clients send contents straight to a bucket: parts of one multipart upload each, that we begin and end. */
export function createDirectUploads(bucket: S3Bucket, settings: S3Settings): DirectUploads {
  const { client, patienceMs } = bucket;
  const signer = createSigner(settings);
  const uploadOf = ({ key, id }: DirectUpload) => {
    assertKey(key);
    return { ...addressOf(bucket, key), UploadId: id };
  };
  return {
    partBytes: PART_BYTES,
    maxParts: MAX_PARTS,
    start: async (key) => {
      assertKey(key);
      const address = { ...addressOf(bucket, key), ...bucket.encryption };
      const command = new CreateMultipartUploadCommand({ ...address, ChecksumAlgorithm: 'SHA256' });
      const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal });
      const { UploadId = '' } = await sendPatiently(send, { action: `store object "${key}"`, patienceMs });
      return { key, id: UploadId };
    },
    signPart: async (upload, part) => {
      try {
        return await signPart(signer, uploadOf(upload), part);
      } catch (error) {
        throw explainS3Error(`sign the upload of "${upload.key}"`, error);
      }
    },
    complete: (upload, announced) => completeDirectUpload(bucket, upload, announced),
    abort: async (upload) => {
      const command = new AbortMultipartUploadCommand(uploadOf(upload));
      const send = async (abortSignal: AbortSignal) => {
        await client.send(command, { abortSignal }).catch((error: unknown) => {
          if (s3Code(error) !== 'NoSuchUpload') throw error;
        });
      };
      await sendPatiently(send, { action: `give up the upload of "${upload.key}"`, patienceMs });
    },
  };
}
