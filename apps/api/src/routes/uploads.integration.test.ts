import { createHash, randomBytes } from 'node:crypto';

import { formatTrailer, TRAILER_BYTES } from '@convox-builds/domain';
import { startS3, type TestS3 } from '@convox-builds/testing';
import test from 'ava';

import { AUTHORIZATION, MAX_OBJECT_BYTES, startTestApi, type TestApi } from '../testing/start-test-api.js';

let s3: TestS3;
let api: TestApi;

test.before(async () => {
  s3 = await startS3();
  api = await startTestApi({ variables: s3.environment });
  for (const name of ['web', 'other']) await api.call('POST', '/apps', { form: { name, generation: '3' } });
});

test.after.always(async () => {
  await api?.stop();
  await s3?.stop();
});

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const hexOf = (bytes: Buffer) => sha256Of(bytes).toString('hex');
const withTrailer = (content: Buffer) => Buffer.concat([content, formatTrailer(sha256Of(content))]);

async function start(app = 'web'): Promise<string> {
  const { text } = await api.call('POST', `/apps/${app}/uploads`);
  return (JSON.parse(text) as { id: string }).id;
}

const partForm = (part: Buffer, number = 1) => ({
  part: String(number),
  bytes: String(part.length),
  sha256: hexOf(part),
});

async function sendPart(id: string, part: Buffer): Promise<number> {
  const { text } = await api.call('POST', `/apps/web/uploads/${id}/parts`, { form: partForm(part) });
  const { url, headers } = JSON.parse(text) as { url: string; headers: Record<string, string> };
  const { 'Content-Length': _length, ...rest } = headers;
  return (await fetch(url, { method: 'PUT', headers: rest, body: new Uint8Array(part) })).status;
}

const complete = (app: string, id: string, content: Buffer, bytes = content.length) =>
  api.call('POST', `/apps/${app}/uploads/${id}/complete`, { form: { bytes: String(bytes), sha256: hexOf(content) } });

test('what a client has sent to S3 becomes an object under a key that the rack has chosen', async (t) => {
  const content = randomBytes(100_000);
  const id = await start();
  t.is(await sendPart(id, withTrailer(content)), 200);
  const { status, text } = await complete('web', id, content);
  t.is(status, 200, text);
  const { Url: url } = JSON.parse(text) as { Url: string };
  t.regex(url, /^object:\/\/web\/tmp\/[0-9a-f]{30}\.tgz$/);
  const object = await api.fetch(`/apps/web/objects/${url.replace('object://web/', '')}`);
  t.true(Buffer.from(await object.arrayBuffer()).equals(content));
  t.like(await complete('web', id, content), { status: 200, text }, 'to ask again changes nothing');
  t.is(await sendPart(id, withTrailer(Buffer.from('another'))), 404, 'it is over');
});

test('promise 6: an upload is of one app, and nobody can make one up', async (t) => {
  const content = Buffer.from('mine');
  const id = await start();
  t.is(await sendPart(id, withTrailer(content)), 200);
  t.like(await complete('other', id, content), { status: 404 });
  t.like(await complete('nothing', id, content), { status: 404, text: 'app not found: nothing\n' });
  const [name = ''] = id.split('.');
  for (const made of ['x', name, `${name}.`, `${name}.bm8`, `../web.${id}`, `${'0'.repeat(30)}.${id.split('.')[1]}`]) {
    const path = encodeURIComponent(made);
    const { status, text } = await complete('web', path, content);
    t.is(status, 404, `${made}: ${text}`);
    t.regex(text, /not found/);
  }
  t.like(await complete('web', id, content), { status: 200 });
});

test('promise 10: what is asked wrongly, or is not as announced, is refused in one line', async (t) => {
  const content = Buffer.from('content');
  const id = await start();
  const sign = (form: Record<string, string>) => api.call('POST', `/apps/web/uploads/${id}/parts`, { form });
  for (const wrong of [{ part: '0' }, { part: '10001' }, { bytes: '0' }, { bytes: '8388609' }, { sha256: 'x' }])
    t.like(await sign({ ...partForm(content), ...wrong }), { status: 400 }, JSON.stringify(wrong));
  const tooLarge = { status: 413, text: `object is larger than ${MAX_OBJECT_BYTES} bytes\n` };
  t.like(await sign({ ...partForm(content), part: '2' }), tooLarge);
  t.like(await sign({ ...partForm(content), bytes: String(MAX_OBJECT_BYTES + TRAILER_BYTES + 1) }), tooLarge);
  t.like(await complete('web', id, content, MAX_OBJECT_BYTES + 1), tooLarge);
  t.is(await sendPart(id, withTrailer(content)), 200);
  const { status, text } = await complete('web', id, content, 8);
  t.is(status, 409);
  t.regex(text, /^Cannot complete the upload of "web\/tmp\/\w+\.tgz": 7 bytes have arrived, 8 were announced\n$/);
  t.like(await api.call('DELETE', `/apps/web/uploads/${id}`), { status: 200 });
  t.like(await complete('web', id, content), { status: 404 });
});

test('a rack that keeps objects on its disk says where to send them', async (t) => {
  const disk = await startTestApi();
  t.teardown(disk.stop);
  await disk.call('POST', '/apps', { form: { name: 'web', generation: '3' } });
  t.like(await disk.call('POST', '/apps/web/uploads'), {
    status: 501,
    text: 'the rack itself takes sources: POST /apps/web/objects\n',
  });
});

test('promise 5: S3 that is away is told as such, and is no failure of the request', async (t) => {
  const away = await startTestApi({
    variables: { ...s3.environment, S3_ENDPOINT: 'http://127.0.0.1:9', S3_PATIENCE_SECONDS: '0.1' },
  });
  t.teardown(away.stop);
  await away.call('POST', '/apps', { form: { name: 'web', generation: '3' } });
  t.like(await away.call('POST', '/apps/web/objects/x', { body: 'x', authorization: AUTHORIZATION }), {
    status: 503,
    text: 'the rack cannot reach its object storage, try again in a moment\n',
  });
});
