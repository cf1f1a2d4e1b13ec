import type { TestS3 } from '@convox-builds/testing';

import { objectStorageSchema } from '../object-storage-settings.js';
import type { S3Settings } from '../s3/s3-settings.js';

/** The settings by which a process finds a test's bucket. */
export function s3SettingsOf(s3: Pick<TestS3, 'environment'>, more: Readonly<Record<string, string>> = {}): S3Settings {
  const settings = objectStorageSchema.parse({ ...s3.environment, ...more });
  if (settings.kind !== 's3') throw new Error('these are no settings of S3');
  return settings;
}
