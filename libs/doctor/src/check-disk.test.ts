import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import test from 'ava';

import { assertFit } from './assert-fit.js';
import { checkDisk, checkDiskSize } from './check-disk.js';

const folder = tmpdir();

test('checkDisk(): what is not free has failed, with what there is and what is needed', async (t) => {
  t.not((await checkDisk({ folder, neededBytes: 1 }).run()).status, 'failed');
  const { bavail, bsize } = await statfs(folder);
  const { status, message } = await checkDisk({ folder, neededBytes: bavail * bsize + 1e9 }).run();
  t.is(status, 'failed');
  t.regex(message, /^[\d.]+ GB of [\d.]+ GB free at \S+, [\d.]+ GB needed: make room, or give it a larger disk$/);
});

test('assertFit(): a disk that can never have what is needed keeps a process from starting; a full one does not', async (t) => {
  const { blocks, bsize } = await statfs(folder);
  await t.notThrowsAsync(assertFit([checkDiskSize({ folder, neededBytes: blocks * bsize })]));
  await t.throwsAsync(assertFit([checkDiskSize({ folder, neededBytes: blocks * bsize + 1e9 })]), {
    name: 'StartError',
    message: /^Cannot start: disk: [^\n]+ needed: give it a larger disk$/,
  });
});
