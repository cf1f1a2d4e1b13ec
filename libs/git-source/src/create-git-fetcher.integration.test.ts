import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { createGitRepository, createTemporaryFolder, startGitServer } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import type { GitFetcherOptions } from './git-fetcher-options.js';
import { openTestFetcher } from './testing/open-test-fetcher.js';

async function start(
  t: ExecutionContext,
  options: Partial<GitFetcherOptions> = {},
  config: Record<string, string> = {},
) {
  const folder = await createTemporaryFolder();
  const [server, fetcher] = await Promise.all([
    startGitServer({ folder: folder.path, config }),
    openTestFetcher(options),
  ]);
  const repository = await createGitRepository(folder.path, 'app');
  t.teardown(() => Promise.all([server.stop(), fetcher.remove(), folder.remove()]));
  return { server, fetcher, repository, folder: folder.path, url: `${server.url}/app.git` };
}

test('fetch() brings what HEAD, a branch, a tag, a full and a short commit name', async (t) => {
  const { fetcher, repository, url } = await start(t);
  const first = await repository.commit({ a: 'one' }, { message: 'the first\n\nmore' });
  await repository.git('tag', '-a', 'v1', '-m', 'a tag');
  await repository.git('push', '--quiet', 'origin', 'v1');
  const second = await repository.commit({ a: 'two' });
  const other = await repository.commit({ a: 'three' }, { branch: 'feature/x' });
  const cases = [
    ['', second, '', 'two'],
    ['#main', second, 'main', 'two'],
    ['#refs/heads/main', second, 'main', 'two'],
    ['#feature/x', other, 'feature/x', 'three'],
    ['#v1', first, '', 'one'],
    [`#${first}`, first, '', 'one'],
    [`#${first.slice(0, 8)}`, first, '', 'one'],
  ] as const;
  for (const [fragment, id, branch, a] of cases) {
    const { commit, files } = await fetcher.fetch(url + fragment);
    t.deepEqual([commit.id, commit.branch, files], [id, branch, { a }], fragment);
  }
  const { commit } = await fetcher.fetch(`${url}#v1`);
  t.like(commit, { author: 'Ann <ann@example.org>', subject: 'the first', committedAt: 1_700_000_000 });
  // Known by now, whatever the branch has become.
  t.is((await fetcher.fetch(`${url}#main`, { commit: first })).files['a'], 'one');
});

test('fetch() brings a commit by its id from servers that give out branches only', async (t) => {
  const { fetcher, repository, url } = await start(
    t,
    {},
    { 'protocol.version': '0', 'transfer.hideRefs': 'refs/hidden' },
  );
  const first = await repository.commit({ a: 'one' });
  await repository.commit({ a: 'two' });
  t.is((await fetcher.fetch(`${url}#${first}`)).files['a'], 'one');
});

test('fetch() keeps links and modes, and leaves .git, attributes and line endings alone', async (t) => {
  const { fetcher, repository, url } = await start(t);
  const long: string = `${'d'.repeat(60)}/${'e'.repeat(60)}/${'f'.repeat(60)}`;
  await repository.commit({
    '.gitattributes': 'secret export-ignore\nid export-subst\n*.txt eol=crlf\nid ident\n*.up filter=up\n',
    secret: 'kept',
    id: '$Format:%H$ $Id$',
    'x.txt': 'a\nb\n',
    'run.sh': { script: '#!/bin/sh\n' },
    link: { link: '../../etc/passwd' },
    [long]: 'deep',
    longlink: { link: long },
    'ü ö/ñ': 'names',
  });
  const { files, folder } = await fetcher.fetch(url);
  t.like(files, { secret: 'kept', id: '$Format:%H$ $Id$', 'x.txt': 'a\nb\n', link: '-> ../../etc/passwd' });
  t.like(files, { [long]: 'deep', longlink: `-> ${long}`, 'ü ö/ñ': 'names' });
  t.false(Object.keys(files).some((name) => name.startsWith('.git/')));
  t.is((await stat(join(folder, 'run.sh'))).mode & 0o777, 0o755);
  t.is((await stat(join(folder, 'secret'))).mode & 0o777, 0o644);
});

test('fetch() makes a folder of the repository the root', async (t) => {
  const { fetcher, repository, url } = await start(t);
  const id = await repository.commit({ 'services/web/a': '1', b: '2' });
  t.deepEqual((await fetcher.fetch(`${url}#main:services/web`)).files, { a: '1' });
  t.deepEqual((await fetcher.fetch(`${url}#:services`)).files, { 'web/a': '1' });
  await t.throwsAsync(fetcher.fetch(`${url}#main:nowhere`), {
    message: `there is no folder "nowhere" in commit ${id.slice(0, 10)}`,
  });
  await t.throwsAsync(fetcher.fetch(`${url}#main:b`), { code: 'not-found' });
});

test('fetch() gives a file that stays the same the same time, and a newer one to what has changed', async (t) => {
  const { fetcher, repository, url } = await start(t);
  const timesOf = async () => {
    const { folder } = await fetcher.fetch(url);
    const seconds = async (name: string) => (await stat(join(folder, name))).mtimeMs / 1000;
    return Promise.all(['a', 'b'].map(seconds));
  };
  await repository.commit({ a: '1', b: '1' }, { time: 1_700_000_000 });
  t.deepEqual(await timesOf(), [1_700_000_000, 1_700_000_000]);
  await repository.commit({ a: '2' }, { time: 1_700_000_100 });
  t.deepEqual(await timesOf(), [1_700_000_100, 1_700_000_000]);
  t.deepEqual(await timesOf(), [1_700_000_100, 1_700_000_000]);
});

test('fetch() is sent only what is new, also when many fetch at once', async (t) => {
  const { fetcher, repository, server, url } = await start(t);
  await repository.commit({ f1: 'one', big: randomBytes(100_000) });
  await fetcher.fetch(url);
  await repository.commit({ f1: 'changed' });
  // What all of it takes does not fit through.
  server.fail(() => ({ cutAfterBytes: 4000 }));
  const all = await Promise.all([fetcher.fetch(url), fetcher.fetch(url), fetcher.fetch(`${url}#main`)]);
  for (const { files } of all) t.is(files['f1'], 'changed');
  const anothers = fetcher.fetch(url, { owner: 'another app' }).then(() => 'fetched');
  await t.throwsAsync(anothers, { code: 'unavailable' });
});

test('fetch() forgets repositories that were not used for the longest time', async (t) => {
  const { fetcher, repository, server, folder, url } = await start(t, { maxKeptBytes: 40_000 });
  const other = await createGitRepository(folder, 'other');
  await repository.commit({ a: randomBytes(30_000) });
  await other.commit({ a: randomBytes(30_000) });
  await fetcher.fetch(url);
  await fetcher.fetch(`${server.url}/other.git`);
  server.fail(() => ({ cutAfterBytes: 10_000 }));
  await t.throwsAsync(
    fetcher.fetch(url).then(() => 'fetched'),
    { code: 'unavailable' },
  );
});

test('fetch() leaves submodules out, says so, and brings them when it is told to', async (t) => {
  const { fetcher, repository, folder, server, url } = await start(t);
  const [inner, innermost] = [
    await createGitRepository(folder, 'inner'),
    await createGitRepository(folder, 'innermost'),
  ];
  await innermost.commit({ deepest: '3' });
  await inner.commit({ deep: '2' });
  await inner.git('submodule', 'add', '--quiet', `${server.url}/innermost.git`, 'more');
  const old = await inner.commit({});
  await inner.commit({ deep: 'newer' });
  await repository.git('submodule', 'add', '--quiet', '../inner.git', 'libs/inner');
  await repository.git('-C', 'libs/inner', 'checkout', '--quiet', old);
  await repository.commit({ a: '1' });
  const without = await fetcher.fetch(url);
  t.is(without.files['libs/inner'], '/');
  t.deepEqual(without.warnings, ['Warning: submodule "libs/inner" left out: build with --submodules to fetch them']);
  const { files } = await fetcher.fetch(url, { withSubmodules: true });
  t.like(files, { a: '1', 'libs/inner/deep': '2', 'libs/inner/more/deepest': '3' });
  t.deepEqual((await fetcher.fetch(`${url}#main:libs`, { withSubmodules: true })).files['inner/deep'], '2');
});
