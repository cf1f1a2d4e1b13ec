import { chown, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createDiskObjectStorage } from './disk-object-storage.js';
import { type OpenedStorage, testObjectStorage } from './testing/object-storage-contract.js';

async function openStorage(t: ExecutionContext): Promise<OpenedStorage & { readonly folder: string }> {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  return {
    folder: folder.path,
    objects: createDiskObjectStorage({ folder: folder.path }),
    readKept: (key) => readFile(join(folder.path, key)),
    writeKept: (key, bytes) => writeFile(join(folder.path, key), bytes),
    findLeftovers: () => readdir(join(folder.path, '.incoming')),
  };
}

testObjectStorage(test, openStorage);

test('an object that shrinks while it is read cannot be read to its end', async (t) => {
  const { objects, folder } = await openStorage(t);
  await objects.put('web/x', Readable.from([Buffer.alloc(3_000_000)]));
  const shrinking = await objects.get('web/x');
  await truncate(join(folder, 'web/x'), 10);
  await t.throwsAsync(buffer(shrinking?.content ?? Readable.from([])));
});

test('what root stores leaves folders in which others may store', async (t) => {
  const { objects, folder } = await openStorage(t);
  const owner = { uid: 65_532, gid: 65_532 };
  await chown(folder, owner.uid, owner.gid);
  await objects.put('web/logs/x', Readable.from(['content']));
  for (const made of ['.incoming', 'web', 'web/logs']) t.like(await stat(join(folder, made)), owner, made);
});
