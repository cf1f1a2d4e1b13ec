import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createDiskObjectStorage } from './disk-object-storage.js';

async function openStorage(t: ExecutionContext) {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  return { file: join(folder.path, 'web/x'), objects: createDiskObjectStorage({ folder: folder.path }) };
}

for (const bytes of [0, 1, 43, 300_000]) {
  test(`an object of ${bytes} bytes comes back as it was stored`, async (t) => {
    const { objects } = await openStorage(t);
    const content = Buffer.alloc(bytes, 'content');
    t.is((await objects.put('web/x', Readable.from([content]))).size, bytes);
    const object = await objects.get('web/x');
    t.is(object?.size, bytes);
    t.deepEqual(await buffer(object?.content ?? Readable.from([])), content);
    t.deepEqual(await objects.find('web/x'), { size: bytes });
  });
}

for (const position of [0, 150_000, 299_999]) {
  test(`an object whose byte ${position} has changed cannot be read to its end`, async (t) => {
    const { objects, file } = await openStorage(t);
    await objects.put('web/x', Readable.from([Buffer.alloc(300_000, 'content')]));
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
    await writeFile(file, bytes);
    const object = await objects.get('web/x');
    await t.throwsAsync(buffer(object?.content ?? Readable.from([])), {
      message: /Cannot read object "web\/x": it is not what was/,
    });
  });
}

test('an object whose reader stops early, or that shrinks while it is read, leaves no file open', async (t) => {
  const { objects, file } = await openStorage(t);
  await objects.put('web/x', Readable.from([Buffer.alloc(3_000_000)]));
  const early = await objects.get('web/x');
  for await (const _bytes of early?.content ?? []) break;
  t.true(early?.content.destroyed);
  const shrinking = await objects.get('web/x');
  await truncate(file, 10);
  await t.throwsAsync(buffer(shrinking?.content ?? Readable.from([])));
});

test('a file from before there were digests is read as it is', async (t) => {
  const { objects, file } = await openStorage(t);
  await objects.put('web/y', Readable.from(['y']));
  await writeFile(file, 'as it was');
  t.is(String(await buffer((await objects.get('web/x'))?.content ?? Readable.from([]))), 'as it was');
});
