import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { createTemporaryFolder, searchPath } from '@convox-builds/testing';
import test from 'ava';

import { readBlobs } from './read-blobs.js';

const ENTRY = { mode: '100644', id: 'c0ffee', size: 6, path: 'a' };

test('readBlobs() of a git that dies is no fault of the source', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  await writeFile(join(path, 'git'), '#!/bin/sh\necho c0ffee blob 6\nprintf abc\n', { mode: 0o755 });
  const { signal } = new AbortController();
  const blobs = readBlobs([ENTRY], { gitDir: path, searchPath: `${path}:${searchPath()}`, signal });
  const { value } = await blobs.next();
  t.deepEqual(value?.entry, ENTRY);
  await t.throwsAsync(buffer(value?.content ?? []), { message: 'Cannot read blob: git ended early' });
});
