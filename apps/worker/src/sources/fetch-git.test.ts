import type { TarSource } from '@convox-builds/buildkit-client';
import { GitError } from '@convox-builds/git-source';
import { type TarBlock, writeTar } from '@convox-builds/tar/testing';
import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import { fetchGit } from './fetch-git.js';

const GIB = 1024 ** 3;

/** Fetches what a git server has as a tar of these blocks. */
async function fetch(
  t: ExecutionContext,
  blocks: readonly TarBlock[],
  { maxBytes = 4 * GIB } = {},
): Promise<TarSource> {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const attempt = {
    ...{ app: {}, build: { source: 'https://git.test/p.git', gitSha: '', options: {} }, folder: folder.path },
    ...{ log: { line: t.log }, signal: new AbortController().signal },
  } as unknown as Attempt;
  const fetched = { commit: { id: 'c0ffee' }, tar: [writeTar(blocks)], close: async () => {} };
  const parts = {
    ...{ git: { fetch: async () => fetched }, store: { attempts: { saveCommit: async () => true } } },
    settings: { git: { limits: { maxBytes } } },
  } as unknown as WorkerParts;
  const source = await fetchGit(attempt, parts);
  t.teardown(source.close);
  return source;
}

test('fetchGit() takes as much as git may fetch, also in one file', async (t) => {
  const claimed = [{ path: 'a', size: 5 * GIB }];
  await t.throwsAsync(fetch(t, claimed), { message: /"a" has 5368709120 bytes$/ });
  await t.throwsAsync(fetch(t, claimed, { maxBytes: 6 * GIB }), { message: /it is cut off$/ });
});

test('fetchGit() says what is wrong with a source, and speaks of no archive', async (t) => {
  t.like(await t.throwsAsync(fetch(t, [{ path: 'a' }], { maxBytes: 1000 }), { instanceOf: GitError }), {
    code: 'too-large',
    message: 'Cannot build "https://git.test/p.git": more than 1000 bytes',
  });
  t.like(await t.throwsAsync(fetch(t, [{ path: 'a'.repeat(90), type: '3' }]), { instanceOf: GitError }), {
    code: 'refused',
  });
});
