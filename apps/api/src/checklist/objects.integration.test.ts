import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTemporaryFolder, waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { openRaw } from '../testing/raw-connection.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const run = promisify(execFile);

test.before(async (t) => {
  t.context.api = await startTestApi();
  await t.context.api.call('POST', '/apps', { form: { name: 'web' } });
});
test.after.always((t) => t.context.api?.stop());

test('checklist 12: an upload answers its Url, with a capital U', async (t) => {
  const { text } = await t.context.api.call('POST', '/apps/web/objects/tmp/0123.tgz', { body: 'x' });
  t.is(text, '{\n  "Url": "object://web/tmp/0123.tgz"\n}\n');
});

/** Bytes of uploads that have not ended. */
async function incomingBytes(folder: string): Promise<number> {
  const incoming = join(folder, '.incoming');
  const names = await readdir(incoming).catch(() => []);
  const sizes = names.map(async (name) => (await stat(join(incoming, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

for (const kind of ['with its length', 'in chunks'] as const) {
  test.serial(`checklist 15: an upload ${kind} is stored while it comes in`, async (t) => {
    const { api } = t.context;
    const [first, second] = [randomBytes(1024 * 1024), randomBytes(1024 * 1024)];
    const isChunked = kind === 'in chunks';
    const { socket, received } = await openRaw(api.port, [
      'POST /apps/web/objects/tmp/streamed? HTTP/1.1',
      'Content-Type: application/octet-stream',
      isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${first.length + second.length}`,
    ]);
    const send = (bytes: Buffer) => {
      if (isChunked) socket.write(`${bytes.length.toString(16)}\r\n`);
      socket.write(bytes);
      if (isChunked) socket.write('\r\n');
    };
    send(first);
    // Nearly all of what was sent is on the disk before the rest is sent: little is held.
    await waitUntil(async () => (await incomingBytes(api.objectsFolder)) > 900_000, {
      what: 'the first half is on the disk',
    });
    t.is(received().length, 0);
    send(second);
    if (isChunked) socket.write('0\r\n\r\n');
    await waitUntil(() => received().includes('"Url"'), { what: 'it is answered' });
    socket.destroy();
    const stored = await api.objects.get('web/tmp/streamed');
    const pieces: Buffer[] = [];
    for await (const piece of stored?.content ?? []) pieces.push(piece as Buffer);
    t.true(Buffer.concat(pieces).equals(Buffer.concat([first, second])));
  });
}

test('checklist 17: keys and names of registries have slashes, and an archive is no build', async (t) => {
  const { api } = t.context;
  const { id } = JSON.parse((await api.call('POST', '/apps/web/builds', { form: { external: 'true', url: '' } })).text);
  t.is((await api.call('POST', `/apps/web/objects/build/${id}/logs`, { body: 'log' })).status, 200);
  t.is((await api.call('GET', `/apps/web/objects/build/${id}/logs`)).text, 'log');
  await api.call('POST', '/registries', { form: { server: 'example.org/team/a', username: 'u', password: 'p' } });
  t.is((await api.call('DELETE', '/registries/example.org/team/a?')).text, 'ok\n');
  t.is((await api.call('GET', '/apps/web/builds/BABCDEFGHIJ.tgz')).status, 404);
});

test('checklist 21: an archive with folders, links, modes and owners is kept byte for byte', async (t) => {
  const { api } = t.context;
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const source = join(folder.path, 'source');
  await mkdir(join(source, '.git'), { recursive: true });
  await writeFile(join(source, 'convox.yml'), 'services: {}\n');
  await writeFile(join(source, '.dockerignore'), 'tmp\n');
  await writeFile(join(source, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('run.sh', join(source, 'link'));
  const archive = join(folder.path, 'source.tgz');
  await run('tar', [
    '-czf',
    archive,
    '--numeric-owner',
    '-C',
    source,
    '.dockerignore',
    '.git',
    'convox.yml',
    'link',
    'run.sh',
  ]);
  const bytes = await readFile(archive);
  await api.call('POST', '/apps/web/objects/tmp/source.tgz', { body: bytes });
  const stored = await api.objects.get('web/tmp/source.tgz');
  const pieces: Buffer[] = [];
  for await (const piece of stored?.content ?? []) pieces.push(piece as Buffer);
  t.true(Buffer.concat(pieces).equals(bytes));
  const { status } = await api.call('POST', '/apps/web/builds', { form: { url: 'object://web/tmp/source.tgz' } });
  t.is(status, 200);
});

test('checklist 22: what fails behind its first byte is broken off and never ended', async (t) => {
  const { api } = t.context;
  const size = 2_000_000;
  await api.call('POST', '/apps/web/objects/tmp/broken', { body: Buffer.alloc(size, 'x') });
  const file = join(api.objectsFolder, 'web/tmp/broken');
  const changed = await readFile(file);
  changed[size / 2] = 0;
  await writeFile(file, changed);
  const { closed } = await openRaw(api.port, ['GET /apps/web/objects/tmp/broken HTTP/1.1']);
  const answer = await closed;
  const body = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
  t.regex(answer.subarray(0, 15).toString(), /^HTTP\/1\.1 200/);
  t.true(answer.includes(`Content-Length: ${size}`));
  t.true(body.length < size);
});
