import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { indexTar } from '../tar-source/index-tar.js';
import type { TarSource } from '../tar-source/tar-source.js';
import { createContext, SHELL } from '../testing/create-context.js';
import { type ContextSolved, solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

/** Packs a folder with normalised times, as many clients do, and indexes the archive. */
async function packAndIndex(t: ExecutionContext, folder: string): Promise<TarSource> {
  const { path, remove } = await createTemporaryFolder();
  const archive = join(path, 'source.tgz');
  await promisify(execFile)('tar', ['-czf', archive, '--mtime=@1000000000', '-C', folder, '.']);
  const source = await indexTar({ archive: createReadStream(archive), spoolFile: join(path, 'spool') });
  t.teardown(async () => {
    await source.close();
    await remove();
  });
  return source;
}

/**
 * Solves until the daemon has synced into the copy of the source that it has. While its garbage collection measures that
 * copy it is locked, and BuildKit starts another one with all files (`source/local/source.go`: "not reusing ref").
 */
async function solveAgain(solve: (round: number) => Promise<ContextSolved>, allFiles: number): Promise<ContextSolved> {
  for (let round = 1; ; round++) {
    const solved = await solve(round);
    if (round === 5 || solved.synced.at(-1)?.files !== allFiles) return solved;
  }
}

const LIST =
  'RUN cd /copied; /busybox find . -type f | /busybox sort | while read f; do echo "$f $(/busybox cat "$f")"; done';

test('fileSync() sends a context from its archive, and then only what has changed, whatever its times say', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nCOPY files /copied\n${LIST}` });
  t.teardown(context.remove);
  for (let index = 0; index < 200; index++) await context.write(`files/${index}`, `content ${index}`);
  const sharedKey = 'incremental';
  const first = await solveContext(daemon.client, { source: await packAndIndex(t, context.folder), sharedKey });
  t.is(first.synced.at(-1)?.files, 201);
  const second = await solveAgain(async (round) => {
    await context.write('files/7', `content X${round}`);
    await context.write('files/new', `new${round}`);
    return solveContext(daemon.client, { source: await packAndIndex(t, context.folder), sharedKey });
  }, 202);
  t.is(second.synced.at(-1)?.files, 2);
  t.regex(second.output, /^\.\/7 content X\d$/m);
  t.regex(second.output, /^\.\/new new\d$/m);
  t.is(second.output.split('\n').length - 1, 201);
  const third = await solveAgain(
    async () => solveContext(daemon.client, { source: await packAndIndex(t, context.folder), sharedKey }),
    202,
  );
  t.is(third.synced.at(-1)?.files, 0);
});

test('fileSync() sends a context from a folder, and then only what has changed', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nCOPY files /copied\n${LIST}` });
  t.teardown(context.remove);
  for (let index = 0; index < 50; index++) await context.write(`files/${index}`, `content ${index}`);
  await solveContext(daemon.client, { source: context.folder, sharedKey: 'folder' });
  const { synced, output } = await solveAgain(async (round) => {
    await context.write('files/7', `changed content ${round}`);
    return solveContext(daemon.client, { source: context.folder, sharedKey: 'folder' });
  }, 51);
  t.is(synced.at(-1)?.files, 1);
  t.regex(output, /^\.\/7 changed content \d$/m);
});

test('fileSync() leaves out what .dockerignore says, patterns with commas and spaces too', async (t) => {
  const context = await createContext({
    Dockerfile: `${SHELL}\nCOPY files /copied\n${LIST}`,
    '.dockerignore': ['files/a, b', '**/*.log', '!files/keep.log', 'files/[x-z]*', 'files/ünï*'].join('\n'),
    'files/a, b': 'ignored',
    'files/a': 'a',
    'files/b': 'b',
    'files/x.log': 'ignored',
    'files/keep.log': 'kept',
    'files/yes': 'ignored',
    'files/ünïcode': 'ignored',
    'files/ünder': 'kept too',
  });
  t.teardown(context.remove);
  const { output } = await solveContext(daemon.client, { source: context.folder, sharedKey: 'ignore' });
  t.deepEqual(output.trim().split('\n').sort(), ['./a a', './b b', './keep.log kept', './ünder kept too']);
});

test('fileSync() takes a .dockerignore of a thousand patterns', async (t) => {
  const patterns = Array.from({ length: 1000 }, (_, index) => `files/ignored/${index}/${'x'.repeat(100)}/**`);
  const context = await createContext({
    Dockerfile: `${SHELL}\nCOPY files /copied\n${LIST}`,
    '.dockerignore': [...patterns, 'files/last'].join('\n'),
    'files/first': 'kept',
    'files/last': 'ignored',
  });
  t.teardown(context.remove);
  const { output } = await solveContext(daemon.client, { source: context.folder, sharedKey: 'thousand' });
  t.is(output, './first kept\n');
});

test('fileSync() ends a choice of files that takes too long, as the fault of whoever wrote the patterns', async (t) => {
  const ignored = `${'*a'.repeat(1000)}?`;
  const context = await createContext({ Dockerfile: `${SHELL}\nCOPY . /copied`, '.dockerignore': ignored });
  t.teardown(context.remove);
  for (let at = 0; at < 500; at++) await context.write(`${'a'.repeat(200)}${at}`, '');
  const solved = solveContext(daemon.client, { source: context.folder, sharedKey: 'long', maxChoiceMs: 5 });
  const error = await t.throwsAsync(solved);
  t.like(error, { code: 'user' });
  t.regex(error?.message ?? '', /Cannot choose files by .dockerignore and COPY: it takes longer than 0.005 seconds/);
});

test('fileSync() keeps sources of different shared keys apart', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nCOPY files /copied\n${LIST}`, 'files/a': 'a' });
  t.teardown(context.remove);
  await solveContext(daemon.client, { source: context.folder, sharedKey: 'one' });
  const { synced } = await solveContext(daemon.client, { source: context.folder, sharedKey: 'other' });
  t.is(synced.at(-1)?.files, 2);
});
