import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  createGitRepository,
  createSshKey,
  createTemporaryFolder,
  startGitServer,
  startSshServer,
} from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import type { GitFetcherOptions } from '../git-fetcher-options.js';
import { createTestLfs } from '../testing/answer-lfs.js';
import { failureOf } from '../testing/failure-of.js';
import { openTestFetcher } from '../testing/open-test-fetcher.js';

type Options = Partial<GitFetcherOptions> & { readonly login?: string };

async function start(t: ExecutionContext, { login, ...options }: Options = {}) {
  const folder = await createTemporaryFolder();
  const lfs = createTestLfs();
  const [server, fetcher, repository] = await Promise.all([
    startGitServer({ folder: folder.path, answer: lfs.answer, ...(login === undefined ? {} : { login }) }),
    openTestFetcher(options),
    createGitRepository(folder.path, 'app'),
  ]);
  t.teardown(() => Promise.all([server.stop(), fetcher.remove(), folder.remove()]));
  const host = `127.0.0.1:${server.port}`;
  return { lfs, server, fetcher, repository, folder: folder.path, host, url: `${server.url}/app.git` };
}

test('fetch() brings the content of files in Git LFS, once for each content, and of more than one batch', async (t) => {
  const { lfs, fetcher, repository, url, server } = await start(t);
  const big = 'x'.repeat(300_000);
  const many = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`many/${index}`, lfs.add(Buffer.from(`content ${index}`))]),
  );
  const pointer = lfs.add(Buffer.from(big));
  await repository.commit({ ...many, 'a.bin': pointer, 'same.bin': { script: pointer }, plain: 'p' });
  const { files, warnings } = await fetcher.fetch(url);
  t.like(files, { 'a.bin': big, 'same.bin': big, plain: 'p', 'many/119': 'content 119' });
  t.deepEqual(warnings, []);
  t.is(lfs.seen.length, 121);
  t.is(lfs.batches(), 2);
  // What is here already is not asked for again.
  await repository.commit({ 'b.bin': lfs.add(Buffer.from('new')) });
  t.like((await fetcher.fetch(url)).files, { 'a.bin': big, 'b.bin': 'new' });
  t.is(lfs.seen.length, 122);
  t.true(server.seen.some(({ path }) => path === '/app.git/info/lfs/objects/batch'));
});

test('fetch() builds pointers, with a warning, where there is no Git LFS', async (t) => {
  const { lfs, fetcher, repository, url, host } = await start(t);
  const pointer = lfs.add(Buffer.from('content'));
  await repository.commit({ 'a.bin': pointer, 'b.bin': pointer });
  lfs.failBatches(404);
  const { files, warnings } = await fetcher.fetch(url);
  t.is(files['a.bin'], pointer);
  t.deepEqual(warnings, [
    `Warning: "a.bin" and 1 more in Git LFS: ${host} has none, these files are built as its pointers`,
  ]);
});

/** The same repository over ssh; what `git-lfs-authenticate` does there is a script. */
async function startOverSsh(t: ExecutionContext, options: Options = {}) {
  const started = await start(t, options);
  const { folder, fetcher, repository } = started;
  const key = await createSshKey(folder, 'key');
  const ssh = await startSshServer(folder, key);
  t.teardown(() => ssh.stop());
  const access = { sshKey: key.privateKey, hostKeys: [ssh.hostKey.publicKey] };
  await mkdir(join(folder, 'bin'));
  const authenticate = async (script: string) => {
    const path = join(folder, 'bin', 'git-lfs-authenticate');
    await writeFile(path, `#!/bin/sh\necho "$@" >> '${folder}/asked'\n${script}\n`, { mode: 0o755 });
  };
  const fetch = (path = repository.path) => fetcher.fetch(`ssh://root@127.0.0.1:${ssh.port}${path}`, { access });
  const asked = () => readFile(join(folder, 'asked'), 'utf8');
  return { ...started, host: `127.0.0.1:${ssh.port}`, authenticate, fetch, asked };
}

test('fetch() is let in to Git LFS by the ssh server, and tells it which repository it reads', async (t) => {
  const { lfs, server, repository, folder, authenticate, fetch, asked } = await startOverSsh(t, {
    login: 'lfs:granted',
  });
  await repository.commit({ 'a.bin': lfs.add(Buffer.from('content')) });
  const header = { Host: 'evil.test', Authorization: `Basic ${Buffer.from('lfs:granted').toString('base64')}` };
  const grant = JSON.stringify({ href: `${server.url}/app.git/info/lfs`, header, expires_in: 60 });
  await authenticate(`echo '${grant}'`);
  const { files, warnings } = await fetch();
  t.deepEqual([files['a.bin'], warnings], ['content', []]);
  t.is(await asked(), `${repository.path} download\n`);
  t.is(lfs.batches(), 1);
  const odd = await createGitRepository(folder, "it's odd; touch x");
  await odd.commit({ 'a.bin': lfs.add(Buffer.from('content')) });
  t.is((await fetch(encodeURI(odd.path))).files['a.bin'], 'content');
  t.is(await asked(), `${repository.path} download\n${odd.path} download\n`);
});

test('promise 10: fetch() tells what is wrong with Git LFS behind ssh', async (t) => {
  const { lfs, repository, server, host, authenticate, fetch } = await startOverSsh(t);
  const pointer = lfs.add(Buffer.from('content'));
  await repository.commit({ 'a.bin': pointer });
  const { files, warnings } = await fetch();
  t.is(files['a.bin'], pointer);
  t.regex(warnings[0] ?? '', new RegExp(`^Warning: "a.bin" in Git LFS: ${host} has none`));
  await authenticate('echo no such command >&2; exit 1');
  t.is((await fetch()).files['a.bin'], pointer);
  const silly = `unavailable: ${host} does not answer as Git LFS does`;
  for (const script of [
    'echo hello',
    `echo '{"href":"file:///etc/passwd"}'`,
    'yes',
    'echo {}',
    `echo '{"href":"${server.url}","header":{"A":"\\u0000"}}'`,
  ]) {
    await authenticate(script);
    t.is(await failureOf(fetch()), silly, script);
  }
  await authenticate(`echo '{"href":"http://10.0.0.1/info/lfs"}'`);
  t.regex(await failureOf(fetch()), /^refused: "10\.0\.0\.1" is inside of the rack's network/);
  await authenticate(`echo '{"href":"http://192.0.43.8/info/lfs"}'`);
  t.is(await failureOf(fetch()), `refused: ${host} has it given out over http, which anybody on the way can read`);
  await authenticate(`echo '{"href":"${server.url}/app.git/info/lfs"}'`);
  lfs.failBatches(401);
  t.regex(await failureOf(fetch()), /^denied: .* wants a login/);
});

test('promise 10: fetch() tells what is wrong with Git LFS, and whether it may pass', async (t) => {
  const { lfs, fetcher, repository, url, host } = await start(t);
  const content = Buffer.from('content');
  await repository.commit({ 'a.bin': lfs.add(content), 'b.bin': lfs.add(Buffer.from('other')) });
  for (const other of ['CONTENT', 'content and more', 'cont']) {
    lfs.replace(content, Buffer.from(other));
    t.is(await failureOf(fetcher.fetch(url)), `refused: "a.bin" is in Git LFS: ${host} gives out something else`);
  }
  lfs.describe(() => ({ error: { code: 404, message: 'gone' } }));
  t.is(await failureOf(fetcher.fetch(url)), `not-found: "a.bin" is in Git LFS: ${host} does not have it`);
  lfs.describe(() => ({ error: { code: 503, message: 'later' } }));
  t.is(await failureOf(fetcher.fetch(url)), `unavailable: "a.bin" is in Git LFS: ${host} answers with status 503`);
  lfs.describe(() => ({ actions: { download: { href: 'file:///etc/passwd' } } }));
  t.is(await failureOf(fetcher.fetch(url)), `unavailable: ${host} does not answer as Git LFS does`);
  for (const [status, text] of [
    [401, `denied: ${host} wants a login, and the rack has none for it: give it one with "convox git-credentials add"`],
    [403, `denied: ${host} forbids it to the login that the rack has for it (403)`],
    [500, `unavailable: ${host} answers with status 500`],
  ] as const) {
    lfs.failBatches(status);
    t.is(await failureOf(fetcher.fetch(url)), text);
  }
});

test('promise 6: fetch() follows Git LFS to no inward address, and no redirection of its', async (t) => {
  const { lfs, fetcher, repository, folder, url, server } = await start(t);
  const inward = await startGitServer({ folder });
  t.teardown(() => inward.stop());
  await repository.commit({ 'a.bin': lfs.add(Buffer.from('content')) });
  const hrefs = [
    'http://169.254.169.254/latest',
    'http://10.0.0.1/x',
    'http://[::1]/x',
    `http://0.0.0.0:${inward.port}/`,
  ];
  for (const href of hrefs) {
    lfs.describe(() => ({ actions: { download: { href } } }));
    t.regex(
      await failureOf(fetcher.fetch(url)),
      /^refused: "a\.bin" is in Git LFS: .* inside of the rack's network/,
      href,
    );
  }
  lfs.describe(() => ({ actions: { download: { href: `${server.url}/redirect` } } }));
  server.fail(({ path }) => (path === '/redirect' ? { status: 302, location: inward.url } : undefined));
  t.regex(await failureOf(fetcher.fetch(url)), /^refused: .* redirects to another address/);
  t.deepEqual(inward.seen, []);
});

test('promise 7: fetch() gives its login for Git LFS to the git server only', async (t) => {
  const password = `canary-${randomBytes(12).toString('hex')}`;
  const { lfs, fetcher, repository, folder, url, server } = await start(t, { login: `me:${password}` });
  const store = await startGitServer({ folder, answer: (_request, answer) => answer.end('content') !== undefined });
  t.teardown(() => store.stop());
  const access = { login: { username: 'me', password }, hostKeys: [] };
  await repository.commit({ 'a.bin': lfs.add(Buffer.from('content')) });
  const header = { 'X-Key': 'given', Host: 'evil.test' };
  lfs.describe(() => ({ actions: { download: { href: `${store.url}/object`, header } } }));
  t.is((await fetcher.fetch(url, { access })).files['a.bin'], 'content');
  t.deepEqual(
    store.seen.map(({ path, authorization }) => [path, authorization]),
    [['/object', '']],
  );
  t.true(server.seen.filter(({ path }) => path.includes('/lfs/')).every(({ authorization }) => authorization !== ''));
});

test('promise 9: fetch() ends what is larger in Git LFS than it may be', async (t) => {
  const limits = { maxBytes: 1_000_000, timeoutMs: 60_000 };
  const { lfs, fetcher, repository, url } = await start(t, { limits });
  await repository.commit({ 'a.bin': lfs.add(Buffer.alloc(2_000_000)) });
  t.is(await failureOf(fetcher.fetch(url)), 'too-large: the source has more than 1000000 bytes');
  t.deepEqual(lfs.seen, []);
});
