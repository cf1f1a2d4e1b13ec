import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startS3, type TestS3 } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { type OpenedStorage, testObjectStorage } from '../testing/object-storage-contract.js';
import { s3SettingsOf } from '../testing/s3-settings-of.js';
import { openBucket } from './open-bucket.js';
import { addressOf } from './s3-bucket.js';
import { openS3ObjectStorage } from './s3-object-storage.js';

let s3: TestS3;
test.before(async () => {
  s3 = await startS3();
});
test.after.always(() => s3.stop());

/** Each in a folder of the bucket of its own. */
async function openStorage(_t: ExecutionContext): Promise<OpenedStorage> {
  const folder = randomBytes(6).toString('hex');
  const settings = s3SettingsOf(s3, { OBJECTS_URL: `s3://objects/racks/${folder}` });
  const bucket = openBucket(settings);
  return {
    objects: await openS3ObjectStorage(settings),
    readKept: (key) => readFile(join(s3.folder, 'racks', folder, key)),
    writeKept: async (key, Body) =>
      void (await bucket.client.send(new PutObjectCommand({ ...addressOf(bucket, key), Body }))),
    findLeftovers: async () => {
      const command = new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: bucket.prefix });
      const { Uploads = [] } = await bucket.client.send(command);
      return Uploads.map(({ Key = '' }) => Key);
    },
  };
}

testObjectStorage(test, openStorage);
