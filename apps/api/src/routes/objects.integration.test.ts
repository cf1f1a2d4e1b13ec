import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { join } from 'node:path';

import { waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { claimTestBuild } from '../testing/claim-build.js';
import { AUTHORIZATION, MAX_OBJECT_BYTES, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
  await t.context.api.call('POST', '/apps', { form: { name: 'web' } });
});
test.after.always((t) => t.context.api?.stop());

function startUpload(api: TestApi, path: string, headers: Record<string, string> = {}): ClientRequest {
  const options = { host: '127.0.0.1', port: api.port, method: 'POST', path, agent: false };
  return request({ ...options, headers: { Authorization: AUTHORIZATION, ...headers } });
}

const incoming = (api: TestApi) => readdir(join(api.objectsFolder, '.incoming')).catch(() => []);

test('objects: come back as they were sent, and are gone when deleted', async (t) => {
  const { api } = t.context;
  const body = randomBytes(300_000);
  const path = '/apps/web/objects/tmp/deep/source.tgz';
  const stored = await api.call('POST', `${path}?`, { body });
  t.deepEqual(JSON.parse(stored.text), { Url: 'object://web/tmp/deep/source.tgz' });
  const response = await fetch(`http://127.0.0.1:${api.port}${path}`, { headers: { Authorization: AUTHORIZATION } });
  t.deepEqual(Buffer.from(await response.arrayBuffer()), body);
  const head = await api.call('HEAD', path);
  t.deepEqual([head.status, head.headers['content-length'], head.text], [200, '300000', '']);
  t.is((await api.call('DELETE', path)).text, 'ok\n');
  t.is((await api.call('HEAD', path)).status, 404);
  t.is((await api.call('GET', path)).text, 'object not found: tmp/deep/source.tgz\n');
  t.is((await api.call('DELETE', path)).status, 404);
});

test('objects: without a key the rack makes one', async (t) => {
  for (const path of ['/apps/web/objects', '/apps/web/objects/', '/apps/web/objects?']) {
    const { text } = await t.context.api.call('POST', path, { body: 'x' });
    t.regex(text, /"Url": "object:\/\/web\/tmp\/[0-9a-f]{30}"/);
  }
});

test('objects: of an unknown app are refused', async (t) => {
  const { status, text } = await t.context.api.call('POST', '/apps/nope/objects/x', { body: 'x' });
  t.deepEqual([status, text], [404, 'app not found: nope\n']);
});

const hostileKeys = [
  '../web2/x',
  '..%2F..%2Fetc%2Fpasswd',
  '%2e%2e/x',
  'a/../../x',
  'a//b',
  '%2Fetc%2Fpasswd',
  'a%00b',
  'a%5C..%5Cb',
  './x',
  'a/.',
  `${'a/'.repeat(600)}x`,
  'x'.repeat(300),
];
for (const key of hostileKeys) {
  test(`objects: refuses the key ${key.slice(0, 30)}`, async (t) => {
    const { api } = t.context;
    for (const method of ['POST', 'GET', 'HEAD', 'DELETE']) {
      const { status } = await api.call(method, `/apps/web/objects/${key}`, method === 'POST' ? { body: 'x' } : {});
      t.is(status, 400, method);
    }
    const known = ['.incoming', 'web', 'short-lived'];
    t.deepEqual(
      (await readdir(api.objectsFolder)).filter((name) => !known.includes(name)),
      [],
    );
  });
}

test('objects: too large ones are refused, announced or not, and leave nothing', async (t) => {
  const { api } = t.context;
  const announced = startUpload(api, '/apps/web/objects/large', { 'Content-Length': String(MAX_OBJECT_BYTES + 1) });
  announced.on('error', () => {});
  announced.write('x');
  const [refused] = await once(announced, 'response');
  t.is(refused.statusCode, 413);
  announced.destroy();

  const chunked = startUpload(api, '/apps/web/objects/large');
  chunked.on('error', () => {});
  const answered = once(chunked, 'response').then(
    ([response]) => response.statusCode,
    () => 'broken off',
  );
  chunked.end(Buffer.alloc(MAX_OBJECT_BYTES + 1));
  t.true([413, 'broken off'].includes(await answered));
  t.is((await api.call('HEAD', '/apps/web/objects/large')).status, 404);
});

const FORM_HEAD = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';

for (const [way, headers, head] of [
  ['raw', {}, ''],
  ['form', { 'Content-Type': 'multipart/form-data; boundary=b' }, FORM_HEAD],
] as const) {
  test.serial(`objects: an upload (${way}) that breaks off leaves nothing`, async (t) => {
    const { api } = t.context;
    const upload = startUpload(api, '/apps/web/objects/broken', { 'Content-Length': '2000000', ...headers });
    upload.on('error', () => {});
    upload.write(head);
    upload.write(randomBytes(500_000));
    await waitUntil(async () => (await incoming(api)).length > 0, { what: 'the upload has begun' });
    upload.destroy();
    await waitUntil(async () => (await incoming(api)).length === 0, { what: 'the upload is cleaned up' });
    t.is((await api.call('HEAD', '/apps/web/objects/broken')).status, 404);
  });
}

test('objects: one file of a multipart form is streamed, too', async (t) => {
  const { api } = t.context;
  const content = randomBytes(200_000);
  const post = async (key: string, form: FormData) => {
    const options = { method: 'POST', body: form, headers: { Authorization: AUTHORIZATION } };
    return (await fetch(`http://127.0.0.1:${api.port}/apps/web/objects/${key}`, options)).status;
  };
  const form = new FormData();
  form.append('note', 'ignored');
  form.append('data', new Blob([content]), '../../source.tgz');
  t.is(await post('from-form', form), 200);
  t.is((await api.objects.find('web/from-form'))?.size, content.length);

  const empty = new FormData();
  empty.append('data', 'no file');
  t.is(await post('no-file', empty), 400);
  const large = new FormData();
  large.append('data', new Blob([Buffer.alloc(MAX_OBJECT_BYTES + 1)]), 'large');
  t.is(await post('large-form', large), 413);
  const two = new FormData();
  for (const name of ['a', 'b']) two.append(name, new Blob(['x']), name);
  t.is(await post('two-files', two), 400);
  for (const key of ['no-file', 'large-form', 'two-files']) t.is(await api.objects.find(`web/${key}`), undefined, key);
});

const boundary = { 'Content-Type': 'multipart/form-data; boundary=b' };
const brokenForms: [string, string, Record<string, string>][] = [
  ['without an end', '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhalf', boundary],
  ['without a boundary', 'x', { 'Content-Type': 'multipart/form-data' }],
  ['of garbage', '\r\n--b\r\n\0\0\0', boundary],
  ['with a field without a name', '--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n', boundary],
];
for (const [title, body, headers] of brokenForms) {
  test(`objects: a multipart form ${title} is refused and leaves nothing`, async (t) => {
    const { api } = t.context;
    const { status, text } = await api.call('POST', '/apps/web/objects/broken-form', { body, headers });
    t.is(status, 400);
    t.regex(text, /^the form /);
    t.is(await api.objects.find('web/broken-form'), undefined);
  });
}

/** What becomes of an object when a client writes it, and when one deletes it. */
async function tryToChange({ call }: TestApi, key: string): Promise<number[]> {
  const written = await call('POST', `/apps/web/objects/${key}`, { body: 'changed' });
  return [written.status, (await call('DELETE', `/apps/web/objects/${key}`)).status];
}

test('promise 4: nobody changes the log of a build, but who builds elsewhere and has not said how it ended', async (t) => {
  const { api } = t.context;
  const claim = await claimTestBuild(api.store, 'web');
  await api.store.logs.append(claim, Buffer.from('genuine\n'));
  await api.store.attempts.fail(claim, { failureClass: 'user', reason: 'exit code 1' });
  await api.store.logs.compact(claim.buildId);
  const compacted = (await api.store.builds.find('web', claim.buildId))?.logs.replace('object://web/', '') ?? '';
  t.deepEqual(await tryToChange(api, compacted), [409, 409]);
  for (const key of [`build/${claim.buildId}/logs`, 'build/BABCDEFGHIJ/logs', 'build/x'])
    t.deepEqual(await tryToChange(api, key), [409, 409], key);
  t.is((await api.call('GET', `/apps/web/builds/${claim.buildId}/logs`)).text, 'genuine\n');

  const form = { external: 'true', url: '' };
  const { id } = JSON.parse((await api.call('POST', '/apps/web/builds', { form })).text);
  const report = (change: Record<string, string>) => api.call('PUT', `/apps/web/builds/${id}`, { form: change });
  await report({ status: 'running' });
  t.deepEqual(await tryToChange(api, `build/${id}/logs`), [200, 200]);
  t.deepEqual(await tryToChange(api, `build/${id}/other`), [409, 409]);
  await report({ status: 'failed' });
  t.deepEqual(await tryToChange(api, `build/${id}/logs`), [409, 409]);
});

test('promise 1: what a build is made of stays as it is until the build has ended', async (t) => {
  const { api } = t.context;
  const url = 'object://web/tmp/needed.tgz';
  await api.call('POST', '/apps/web/objects/tmp/needed.tgz', { body: 'source' });
  const { id } = JSON.parse((await api.call('POST', '/apps/web/builds', { form: { url } })).text);
  t.deepEqual(await tryToChange(api, 'tmp/needed.tgz'), [409, 409]);
  t.is((await api.call('GET', '/apps/web/objects/tmp/needed.tgz')).text, 'source');
  await api.call('POST', `/apps/web/builds/${id}/cancel`);
  t.deepEqual(await tryToChange(api, 'tmp/needed.tgz'), [200, 200]);
});

test('apps: deleting one deletes its objects', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'short-lived' } });
  await api.call('POST', '/apps/short-lived/objects/a/b', { body: 'x' });
  await api.call('DELETE', '/apps/short-lived');
  t.is(await api.objects.find('short-lived/a/b'), undefined);
});
