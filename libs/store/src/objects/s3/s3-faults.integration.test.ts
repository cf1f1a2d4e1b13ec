import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';

import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { type FaultyFront, startFaultyFront, startS3, type TestS3 } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { s3SettingsOf } from '../testing/s3-settings-of.js';
import { startMultipartUpload } from './multipart-upload.js';
import { openBucket } from './open-bucket.js';
import { openS3ObjectStorage } from './s3-object-storage.js';
import type { S3Settings } from './s3-settings.js';
import { sweepUploads } from './sweep-uploads.js';

const MIB = 1024 * 1024;
const SLOW_DOWN = { status: 503, body: '<Error><Code>SlowDown</Code><Message>Please reduce it</Message></Error>' };
const WRONG = { S3_ACCESS_KEY_ID: 'test-access-key', S3_SECRET_ACCESS_KEY: 'canary-wrong-secret' };

let s3: TestS3;
let folders = 0;
test.before(async () => {
  s3 = await startS3();
});
test.after.always(() => s3.stop());

const settingsBehind = (front: FaultyFront, more: Readonly<Record<string, string>> = {}): S3Settings =>
  s3SettingsOf(s3, { S3_ENDPOINT: front.url, OBJECTS_URL: `s3://objects/faults/${++folders}`, ...more });

async function openFront(t: ExecutionContext): Promise<FaultyFront> {
  const front = await startFaultyFront(s3.environment['S3_ENDPOINT'] ?? '');
  t.teardown(front.close);
  return front;
}

const content = Buffer.alloc(20 * MIB, 'content');

test('promise 5: what S3 answers 503 to is asked again until it is well', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front));
  const until = performance.now() + 3000;
  front.fail(() => (performance.now() < until ? SLOW_DOWN : undefined));
  await objects.put('web/x', Readable.from([content]));
  t.true(performance.now() > until);
  const again = performance.now() + 1000;
  front.fail(() => (performance.now() < again ? { status: 500 } : undefined));
  const object = await objects.get('web/x');
  t.true((await buffer(object?.content ?? Readable.from([]))).equals(content));
});

test('a download that is cut again and again goes on where it was', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front));
  await objects.put('web/x', Readable.from([content]));
  let cuts = 0;
  const object = await objects.get('web/x');
  front.fail(() => (cuts++ < 4 ? { cutAfterBytes: 3_000_000 } : undefined));
  t.true((await buffer(object?.content ?? Readable.from([]))).equals(content));
  t.is(cuts, 5);
});

test('a download that freezes goes on over another connection', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front, { S3_PATIENCE_SECONDS: '20' }));
  await objects.put('web/x', Readable.from([content]));
  const object = await objects.get('web/x');
  let asked = 0;
  front.fail(() => (asked++ === 0 ? { freezeAfterBytes: 5_000_000 } : undefined));
  t.true((await buffer(object?.content ?? Readable.from([]))).equals(content));
  t.is(asked, 2);
});

test('a delete that S3 does not answer ends when it is told to', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front));
  await objects.put('web/x', Readable.from(['x']));
  front.fail(() => ({ freezeAfterBytes: 0 }));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('told to')), 300);
  const begun = performance.now();
  await t.throwsAsync(objects.delete('web/x', controller), { message: 'told to' });
  t.true(performance.now() - begun < 5000);
});

test('an object that is replaced while it is read cannot be read to its end', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front));
  await objects.put('web/x', Readable.from([content]));
  const object = await objects.get('web/x');
  front.fail(({ method }) => (method === 'GET' ? { cutAfterBytes: 3_000_000 } : undefined));
  const read = async () => {
    let bytes = 0;
    for await (const chunk of object?.content ?? []) {
      if (bytes === 0) await objects.put('web/x', Readable.from(['another']));
      bytes += (chunk as Buffer).length;
    }
    return bytes;
  };
  await t.throwsAsync(read, { message: 'Cannot read object "web/x": it was replaced while it was read' });
});

for (const what of ['uploads', 'uploadId'] as const) {
  test(`an upload whose answer gets lost, of "${what}", is there once`, async (t) => {
    const front = await openFront(t);
    const objects = await openS3ObjectStorage(settingsBehind(front));
    let lost = 0;
    front.fail(({ method, path }) =>
      method === 'POST' && path.includes(what) && lost++ === 0 ? { isAnswerLost: true } : undefined,
    );
    await objects.put('web/x', Readable.from([content]));
    t.is(lost, 2);
    t.true((await buffer((await objects.get('web/x'))?.content ?? Readable.from([]))).equals(content));
  });
}

/** What is refused at the start. An S3 that has not answered by then is taken for one that is away: it is asked once more. */
async function refusalOf(settings: S3Settings): Promise<Error> {
  for (;;) {
    const error = await openS3ObjectStorage(settings).then(
      () => undefined,
      (refusal: Error) => refusal,
    );
    if (error !== undefined) return error;
  }
}

test('promise 10: what S3 refuses is told in one line, at once, and without who we are', async (t) => {
  const front = await openFront(t);
  const refused = await refusalOf(settingsBehind(front, WRONG));
  t.regex(refused.message, /^Cannot list the objects under "": S3 answers 403 SignatureDoesNotMatch: [^\n]+$/);
  t.notRegex(inspect(refused, { depth: 10 }), /canary|test-access-key|Signature=/);
  const missing = await refusalOf(settingsBehind(front, { OBJECTS_URL: 's3://nothing' }));
  t.regex(missing.message, /S3 answers 404 NoSuchBucket/);
});

test('promise 10: an S3 that stays away is given up by name; a rack starts nevertheless', async (t) => {
  const front = await openFront(t);
  front.fail(() => SLOW_DOWN);
  const objects = await openS3ObjectStorage(settingsBehind(front, { S3_PATIENCE_SECONDS: '1' }));
  await t.throwsAsync(objects.put('web/x', Readable.from(['x'])), {
    message: 'Cannot store object "web/x": S3 answers 503 SlowDown: Please reduce it',
  });
  front.close();
  await t.throwsAsync(objects.find('web/x'), {
    message: /^Cannot find object "web\/x": S3 does not answer \([^)]+\)$/,
  });
});

test('a put that is aborted while S3 hangs ends at once, with the reason', async (t) => {
  const front = await openFront(t);
  const objects = await openS3ObjectStorage(settingsBehind(front));
  const [patience, abort] = [new AbortController(), new AbortController()];
  t.teardown(() => patience.abort());
  const reason = new Error('nobody waits for it');
  front.fail(({ method, path }) => {
    if (method !== 'PUT') return undefined;
    if (path.includes('web/x')) setImmediate(() => abort.abort(reason));
    return { freezeAfterBytes: 0 };
  });
  // Begun earlier, it would be given up earlier, too.
  const patient = objects.put('web/patient', Readable.from([content]), { signal: patience.signal });
  const aborted = objects.put('web/x', Readable.from([content]), { signal: abort.signal });
  const ends = [patient, aborted].map((put) =>
    put.then(
      () => ({ put, error: undefined }),
      (error: Error) => ({ put, error }),
    ),
  );
  const first = await Promise.race(ends);
  t.is(first.put, aborted);
  t.is(first.error?.cause ?? first.error, reason);
  t.is(await objects.find('web/x'), undefined);
});

test('uploads of processes that were killed are swept when they are old, and no others', async (t) => {
  const bucket = openBucket(s3SettingsOf(s3, { OBJECTS_URL: `s3://objects/swept/${++folders}` }));
  const list = async () => {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: bucket.prefix });
    return (await bucket.client.send(command)).Uploads?.length ?? 0;
  };
  await startMultipartUpload(bucket, 'web/x', undefined);
  await sweepUploads(bucket);
  t.is(await list(), 1);
  await sweepUploads(bucket, Date.now() + 25 * 3_600_000);
  t.is(await list(), 0);
});
