import type { S3Client } from '@aws-sdk/client-s3';

import type { Gate } from './create-gate.js';
import type { S3Encryption } from './s3-settings.js';

/** A bucket, as the files of this folder use it. */
export interface S3Bucket {
  readonly client: S3Client;
  readonly name: string;
  /** What is put before every key: `''`, or it ends with `/`. */
  readonly prefix: string;
  /** Parameters of every request that makes an object. */
  readonly encryption: EncryptionParameters;
  /** Bounds the parts that are on their way at once. */
  readonly gate: Gate;
  /** How long a request is repeated while S3 is away. */
  readonly patienceMs: number;
}

/** Names an object in a request. */
export function addressOf(bucket: S3Bucket, key: string): { Bucket: string; Key: string } {
  return { Bucket: bucket.name, Key: `${bucket.prefix}${key}` };
}

type EncryptionParameters = { ServerSideEncryption?: 'AES256' | 'aws:kms'; SSEKMSKeyId?: string };

/** Tells an encryption as S3 is told it. */
export function encryptionParameters(encryption: S3Encryption | undefined): EncryptionParameters {
  if (encryption === undefined) return {};
  if (encryption.kind === 'AES256') return { ServerSideEncryption: 'AES256' };
  const { keyId } = encryption;
  return { ServerSideEncryption: 'aws:kms', ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) };
}
