import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { cutIntoParts, formatTrailer, TRAILER_BYTES } from '@convox-builds/domain';
import { startS3, type TestS3 } from '@convox-builds/testing';
import test from 'ava';

import type { DirectUpload, DirectUploads, SignedPart } from '../direct-uploads.js';
import type { ObjectStorage } from '../object-storage.js';
import { s3SettingsOf } from '../testing/s3-settings-of.js';
import { openS3ObjectStorage } from './s3-object-storage.js';

const MIB = 1024 * 1024;

let s3: TestS3;
let objects: ObjectStorage;
let uploads: DirectUploads;
test.before(async () => {
  s3 = await startS3();
  objects = await openS3ObjectStorage(s3SettingsOf(s3, { S3_SSE: 'AES256' }));
  if (objects.uploads === undefined) throw new Error('there are no direct uploads');
  ({ uploads } = objects);
});
test.after.always(() => s3.stop());

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const announce = (number: number, part: Buffer) => ({
  number,
  bytes: part.length,
  sha256: digest(part).toString('hex'),
});
const stored = (content: Buffer) => ({ size: content.length, sha256: digest(content).toString('hex') });
const withTrailer = (content: Buffer) => Buffer.concat([content, formatTrailer(digest(content))]);

async function put({ url, headers }: SignedPart, body: Buffer, changed: Readonly<Record<string, string>> = {}) {
  const { 'Content-Length': _length, ...rest } = { ...headers, ...changed };
  const response = await fetch(url, { method: 'PUT', body: new Uint8Array(body), headers: rest });
  return `${response.status} ${/<Code>(\w+)/.exec(await response.text())?.[1] ?? ''}`.trim();
}

async function send(upload: DirectUpload, content: Buffer): Promise<void> {
  let number = 0;
  for await (const part of cutIntoParts(Readable.from([withTrailer(content)]), uploads.partBytes)) {
    const signed = await uploads.signPart(upload, announce(++number, part));
    if ((await put(signed, part)) !== '200') throw new Error(`part ${number} was not taken`);
  }
}

const read = async (key: string) => buffer((await objects.get(key))?.content ?? Readable.from([]));

for (const bytes of [1, 8 * MIB - TRAILER_BYTES, 8 * MIB, 20 * MIB]) {
  test(`a client sends an object of ${bytes} bytes by itself, and it is there once it is complete`, async (t) => {
    const content = randomBytes(bytes);
    const upload = await uploads.start(`web/tmp/${bytes}.tgz`);
    await send(upload, content);
    t.is(await objects.find(upload.key), undefined);
    await uploads.complete(upload, stored(content));
    await uploads.complete(upload, stored(content));
    t.true((await read(upload.key)).equals(content));
  });
}

test('promise 6: an address takes the announced part, and nothing else, and nowhere else', async (t) => {
  const part = withTrailer(Buffer.from('announced'));
  const upload = await uploads.start('web/tmp/bound.tgz');
  const signed = await uploads.signPart(upload, announce(1, part));
  const other = Buffer.from(part).fill('x');
  t.not(await put(signed, other), '200', 'another content of the same size');
  t.not(await put(signed, Buffer.concat([part, part])), '200', 'another size');
  const otherSum = digest(other).toString('base64');
  t.regex(await put(signed, other, { 'x-amz-checksum-sha256': otherSum }), /^403/, 'another checksum');
  const { 'x-amz-checksum-sha256': _sum, ...unsummed } = signed.headers;
  t.regex(await put({ ...signed, headers: unsummed }, other), /^40[03]/, 'no checksum');
  for (const [from, to] of [
    ['bound.tgz', 'other.tgz'],
    ['partNumber=1', 'partNumber=2'],
    ['X-Amz-Expires=900', 'X-Amz-Expires=90000'],
  ] as const) {
    const url = signed.url.replace(from, to);
    t.not(url, signed.url);
    t.regex(await put({ ...signed, url }, part), /^40[034]/, to);
  }
  t.is(await put(signed, part), '200');
  t.is(await objects.find(upload.key), undefined);
  await uploads.abort(upload);
  await uploads.abort(upload);
});

test('promise 6: an upload that is complete is over: what was signed for it changes nothing', async (t) => {
  const content = Buffer.from('mine');
  const upload = await uploads.start('web/tmp/over.tgz');
  const signed = await uploads.signPart(upload, announce(1, withTrailer(content)));
  t.is(await put(signed, withTrailer(content)), '200');
  await uploads.complete(upload, stored(content));
  t.is(await put(signed, withTrailer(content)), '404 NoSuchUpload');
  await t.throwsAsync(uploads.complete(upload, { ...stored(content), size: 5 }), { code: 'no-upload' });
  t.is(String(await read(upload.key)), 'mine');
});

test('promise 6: nobody completes the upload of another one', async (t) => {
  const content = Buffer.from('mine');
  const upload = await uploads.start('web/tmp/hers.tgz');
  await send(upload, content);
  await objects.put('other/tmp/hers.tgz', Readable.from(['other']));
  await t.throwsAsync(uploads.complete({ ...upload, key: 'other/tmp/hers.tgz' }, stored(content)), {
    code: 'no-upload',
  });
  await uploads.abort({ ...upload, key: 'other/tmp/hers.tgz' });
  t.is(String(await read('other/tmp/hers.tgz')), 'other');
  await uploads.complete(upload, stored(content));
  t.is(String(await read(upload.key)), 'mine');
});

test('promise 10: what is not as announced is refused by name, and there is no object', async (t) => {
  const content = Buffer.from('content');
  const upload = await uploads.start('web/tmp/wrong.tgz');
  await send(upload, content);
  await t.throwsAsync(uploads.complete(upload, { ...stored(content), size: 8 }), {
    code: 'not-as-announced',
    message: 'Cannot complete the upload of "web/tmp/wrong.tgz": 7 bytes have arrived, 8 were announced',
  });
  await t.throwsAsync(uploads.complete(upload, { ...stored(content), sha256: '0'.repeat(64) }), {
    code: 'not-as-announced',
  });
  t.is(await objects.find(upload.key), undefined);
});
