import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { state as sdkWarnings } from '@aws-sdk/core/client';

import { createGate } from './create-gate.js';
import { encryptionParameters, type S3Bucket } from './s3-bucket.js';
import type { S3Settings } from './s3-settings.js';

// Of the end of Node 20's support, in eight lines: a log of ours has JSON lines, and the version is pinned.
sdkWarnings.warningEmitted = true;

const CONNECT_WITHIN_MS = 5_000;
/** Of all objects together: 128 MiB. */
const MAX_PARTS_IN_FLIGHT = 16;
const MAX_CONNECTIONS = 256;

/** How a client is made; retries are ours, because they have to last for as long as S3 may be away. */
export function clientConfig({ endpoint, region, isPathStyle, credentials }: S3Settings): S3ClientConfig {
  return {
    region,
    forcePathStyle: isPathStyle,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      httpAgent: { maxSockets: MAX_CONNECTIONS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_CONNECTIONS, keepAlive: true },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** Makes the client of a bucket; nothing is sent yet. */
export function openBucket(settings: S3Settings): S3Bucket {
  const { bucket: name, prefix, encryption, patienceMs } = settings;
  return {
    client: new S3Client(clientConfig(settings)),
    name,
    prefix,
    encryption: encryptionParameters(encryption),
    gate: createGate(MAX_PARTS_IN_FLIGHT),
    patienceMs,
  };
}
