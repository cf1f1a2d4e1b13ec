import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { lockFolder } from './lock-folder.js';

async function createFolder(t: ExecutionContext): Promise<string> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  return join(path, 'new');
}

test('lockFolder(): one at a time, and free again afterwards', async (t) => {
  const folder = await createFolder(t);
  const results = await Promise.allSettled([lockFolder(folder), lockFolder(folder), lockFolder(folder)]);
  const locks = results.filter((result) => result.status === 'fulfilled');
  t.is(locks.length, 1);
  for (const { value: unlock } of locks) unlock();
  (await lockFolder(folder))();
  t.deepEqual(await readdir(folder), []);
});

test('lockFolder(): the lock of a dead process is taken over, also when its pid lives again', async (t) => {
  const folder = await createFolder(t);
  (await lockFolder(folder))();
  const child = spawn('true');
  await once(child, 'exit');
  await writeFile(join(folder, `lock.${child.pid}.12345`), '');
  await writeFile(join(folder, `lock.${process.pid}.1`), '');
  await writeFile(join(folder, 'lock.notes'), '');
  const unlock = await lockFolder(folder);
  t.is((await readdir(folder)).length, 2);
  unlock();
});

test('lockFolder(): a living process keeps its lock', async (t) => {
  const folder = await createFolder(t);
  (await lockFolder(folder))();
  await writeFile(join(folder, 'lock.1.0'), '');
  await t.throwsAsync(lockFolder(folder), {
    message: /^Cannot use folder ".*": process 1 is using it; stop that first/,
  });
  t.deepEqual(await readdir(folder), ['lock.1.0']);
});
