import { randomBytes } from 'node:crypto';

import { createGitRepository, createTemporaryFolder, startGitServer } from '@convox-builds/testing';
import test from 'ava';

import { failureOf } from './testing/failure-of.js';
import { openTestFetcher } from './testing/open-test-fetcher.js';

test('fetch() finds the beginning of a commit without what is in all others', async (t) => {
  const folder = await createTemporaryFolder();
  const repository = await createGitRepository(folder.path, 'app');
  const old = await repository.commit({ a: 'old', big: randomBytes(100_000) });
  await repository.commit({ big: randomBytes(500_000) });
  const tip = await repository.commit({ a: 'new', big: randomBytes(100_000) });
  const [able, unable, fetcher] = await Promise.all([
    startGitServer({ folder: folder.path }),
    startGitServer({ folder: folder.path, config: { 'uploadpack.allowFilter': 'false' } }),
    openTestFetcher({ limits: { maxBytes: 400_000, timeoutMs: 60_000 } }),
  ]);
  const roomy = await openTestFetcher();
  t.teardown(() => Promise.all([able.stop(), unable.stop(), fetcher.remove(), roomy.remove(), folder.remove()]));
  // More than a few commits would not fit.
  able.fail(() => ({ cutAfterBytes: 250_000 }));
  t.like(await fetcher.fetch(`${able.url}/app.git#${old.slice(0, 8)}`), { commit: { id: old, branch: '' } });
  t.is((await fetcher.fetch(`${able.url}/app.git#${tip.slice(0, 8)}`)).files['a'], 'new');
  t.is((await roomy.fetch(`${unable.url}/app.git#${old.slice(0, 8)}`)).files['a'], 'old');
  t.regex(await failureOf(fetcher.fetch(`${able.url}/app.git#1234567`)), /^not-found: .* or several begin like that/);
});
