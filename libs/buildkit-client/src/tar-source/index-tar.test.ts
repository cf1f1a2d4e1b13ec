import { execFileSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { paxRecord, type TarBlock, writeTar, writeTgz } from '@convox-builds/tar/testing';
import { createTemporaryFolder } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { create } from 'tar';
import { GO_MODE } from '../file-sync/file-source.js';
import { indexTar } from './index-tar.js';
import type { TarLimits } from './tar-limits.js';
import type { TarSource } from './tar-source.js';
import { TarSourceError, type TarSourceErrorCode } from './tar-source-error.js';

async function index(t: ExecutionContext, archive: Readable, limits?: Partial<TarLimits>): Promise<TarSource> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const source = await indexTar({ archive, spoolFile: join(path, 'spool'), ...(limits && { limits }) });
  t.teardown(source.close);
  return source;
}

const indexBlocks = (t: ExecutionContext, blocks: readonly TarBlock[], limits?: Partial<TarLimits>) =>
  index(t, Readable.from([writeTgz(blocks)]), limits);

async function refuse(t: ExecutionContext, archived: Promise<TarSource>, code: TarSourceErrorCode): Promise<void> {
  const error = await t.throwsAsync(archived, { instanceOf: TarSourceError });
  t.is(error?.code, code);
  t.regex(error?.message ?? '', /^Cannot read source archive: .+/);
}

async function readText(source: TarSource, path: string): Promise<string | undefined> {
  return (await source.readFile(path, { maxBytes: 1000 }))?.toString();
}

async function createTree(t: ExecutionContext): Promise<string> {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  await mkdir(join(path, 'folder/deep'), { recursive: true });
  await writeFile(join(path, 'folder/deep/file'), 'content');
  await writeFile(join(path, 'ünï çödé'), 'unicode');
  await writeFile(join(path, 'long'.repeat(50)), 'long');
  await writeFile(join(path, 'run'), '#!');
  await chmod(join(path, 'run'), 0o4755);
  await symlink('folder/deep', join(path, 'link'));
  await link(join(path, 'run'), join(path, 'zhard'));
  return path;
}

async function assertTree(t: ExecutionContext, source: TarSource): Promise<void> {
  t.deepEqual(
    source.entries.map(({ path }) => path),
    ['folder', 'folder/deep', 'folder/deep/file', 'link', 'long'.repeat(50), 'run', 'zhard', 'ünï çödé'],
  );
  t.is(await readText(source, 'folder/deep/file'), 'content');
  t.is(await readText(source, 'link/file'), 'content');
  t.is(await readText(source, 'ünï çödé'), 'unicode');
  t.is(await readText(source, 'long'.repeat(50)), 'long');
  t.is(await readText(source, 'zhard'), '#!');
  t.is(source.find('run')?.mode, 0o755 + GO_MODE.setuid);
  t.is(source.find('link')?.linkTarget, 'folder/deep');
  const run = source.find('run');
  t.is((await buffer(Readable.from(source.read(run ?? t.fail())))).toString(), '#!');
}

test('indexTar() reads what the tar package writes', async (t) => {
  const cwd = await createTree(t);
  const archive = Readable.from(create({ cwd, gzip: true, portable: true }, ['.']));
  await assertTree(t, await index(t, archive));
});

for (const format of ['gnu', 'pax', 'posix']) {
  test(`indexTar() reads what Debian's tar writes as ${format}`, async (t) => {
    const folder = await createTree(t);
    const archive = join(folder, '..', `${format}-${process.pid}.tgz`);
    execFileSync('tar', ['-czf', archive, `--format=${format}`, '-C', folder, '.']);
    t.teardown(() => execFileSync('rm', [archive]));
    await assertTree(t, await index(t, createReadStream(archive)));
  });
}

test('indexTar() reads a gzip of several members', async (t) => {
  const tar = writeTar([{ path: 'a', content: 'x'.repeat(3000) }]);
  const archive = Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]);
  const source = await index(t, Readable.from([archive]));
  t.is(source.find('a')?.size, 3000);
});

test('indexTar() adds the folders that an archive leaves out', async (t) => {
  const source = await indexBlocks(t, [{ path: 'a/b/c', content: 'x' }]);
  t.deepEqual(
    source.entries.map(({ path }) => path),
    ['a', 'a/b', 'a/b/c'],
  );
});

test('indexTar() takes the last of two entries of one name', async (t) => {
  const source = await indexBlocks(t, [
    { path: 'a', content: 'first' },
    { path: './a', content: 'second' },
  ]);
  t.is(await readText(source, 'a'), 'second');
});

test('indexTar() tells changed content by its time, and equal content by the same', async (t) => {
  const timeOf = async (content: string) => {
    const source = await indexBlocks(t, [{ path: 'a', content, mtime: 5 }]);
    return source.find('a')?.modTimeNs ?? 0n;
  };
  const [one, same, other] = [await timeOf('one'), await timeOf('one'), await timeOf('two')];
  t.is(one, same);
  t.not(one, other);
  t.is(one / 1_000_000_000n, 5n);
  t.is(other / 1_000_000_000n, 5n);
});

test('links never lead out of the source', async (t) => {
  const source = await indexBlocks(t, [
    { path: 'up', type: '2', linkTarget: '../../../etc' },
    { path: 'abs', type: '2', linkTarget: '/etc/passwd' },
    { path: 'loop', type: '2', linkTarget: 'loop' },
    { path: 'etc/passwd', content: 'ours' },
  ]);
  t.is(await readText(source, 'abs'), 'ours');
  t.is(await readText(source, 'up/passwd'), 'ours');
  t.is(await readText(source, 'loop'), undefined);
  t.is(await readText(source, '../../etc/passwd'), 'ours');
});

test('stat() follows links, and tells when one leads out of the source', async (t) => {
  const source = await indexBlocks(t, [
    { path: 'sub/up', type: '2', linkTarget: '../file' },
    { path: 'sub/out', type: '2', linkTarget: '../../file' },
    { path: 'abs', type: '2', linkTarget: '/file' },
    { path: 'folder', type: '2', linkTarget: 'sub' },
    { path: 'file', content: 'ours' },
  ]);
  t.deepEqual(source.stat('folder/up'), { type: 'file', size: 4, path: 'file' });
  t.deepEqual(source.stat('folder'), { type: 'folder', size: 0, path: 'sub' });
  t.deepEqual(source.stat('.'), { type: 'folder', size: 0, path: '.' });
  t.is(source.stat('folder/out')?.type, 'outside');
  t.is(source.stat('abs')?.type, 'outside');
  t.is(source.stat('nothing'), undefined);
});

const UNSAFE: Readonly<Record<string, readonly TarBlock[]>> = {
  'a path that leads out': [{ path: 'a/../../b' }],
  'an absolute path': [{ path: '/etc/passwd' }],
  'a device': [{ path: 'a', type: '3' }],
  'a pipe': [{ path: 'a', type: '6' }],
  'a hard link to what is not there': [{ path: 'a', type: '1', linkTarget: '../etc/passwd' }],
  'a hard link to a later file': [{ path: 'a', type: '1', linkTarget: 'b' }, { path: 'b' }],
  'a file in a file': [{ path: 'a', content: 'x' }, { path: 'a/b' }],
  'a file in a link': [
    { path: 'a', type: '2', linkTarget: '/etc' },
    { path: 'a/passwd', content: 'x' },
  ],
  'a path of pax that leads out': [{ path: 'x', type: 'x', content: paxRecord('path', '../../b') }, { path: 'b' }],
  'a sparse file': [{ path: 'x', type: 'x', content: paxRecord('GNU.sparse.major', '1') }, { path: 'b' }],
};

for (const [what, blocks] of Object.entries(UNSAFE)) {
  test(`indexTar() refuses ${what}`, (t) => refuse(t, indexBlocks(t, blocks), 'unsafe'));
}

const good = writeTgz([{ path: 'a', content: 'x'.repeat(5000) }]);
const CORRUPT: Readonly<Record<string, Buffer>> = {
  'nothing at all': Buffer.alloc(0),
  'what is no gzip': Buffer.from('garbage, and more of it'),
  'a gzip of no tar': gzipSync('x'.repeat(2000)),
  'a gzip that is cut off': good.subarray(0, -10),
  'a tar that is cut off': gzipSync(writeTar([{ path: 'a', content: 'x' }]).subarray(0, 700)),
  'a file that claims more than there is': writeTgz([{ path: 'a', content: 'x', size: 100_000 }]),
  'a damaged checksum': gzipSync(writeTar([{ path: 'a' }]).fill('z', 0, 1)),
  'a pax header that makes no sense': writeTgz([{ path: 'x', type: 'x', content: '99 path=b\n' }, { path: 'b' }]),
  'a negative size': writeTgz([{ path: 'x', type: 'x', content: paxRecord('size', '-5') }, { path: 'b' }]),
};

for (const [what, archive] of Object.entries(CORRUPT)) {
  test(`indexTar() refuses ${what}`, (t) => refuse(t, index(t, Readable.from([archive])), 'corrupt'));
}

test('indexTar() stops at its limits', async (t) => {
  const files = Array.from({ length: 11 }, (_, at) => ({ path: `${at}`, content: 'x'.repeat(100) }));
  await refuse(t, indexBlocks(t, files, { maxEntries: 10 }), 'too-large');
  await refuse(t, indexBlocks(t, files, { maxBytes: 2000 }), 'too-large');
  await refuse(t, indexBlocks(t, files, { maxFileBytes: 99 }), 'too-large');
  await refuse(t, indexBlocks(t, [{ path: 'a/'.repeat(40) }], { maxDepth: 30 }), 'too-large');
  await refuse(t, indexBlocks(t, [{ path: 'a'.repeat(90) }], { maxPathBytes: 80 }), 'too-large');
  const longLink = { path: 'a', type: '2', linkTarget: 'a'.repeat(90) };
  await refuse(t, indexBlocks(t, [longLink], { maxPathBytes: 80 }), 'too-large');
  await refuse(t, indexBlocks(t, files, { maxNameLength: 11 }), 'too-large');
});

test('indexTar() counts the folders that an archive leaves out', async (t) => {
  const blocks = [{ path: 'a/b/c/1' }, { path: 'a/b/c/2' }];
  t.is((await indexBlocks(t, blocks, { maxEntries: 5 })).entries.length, 5);
  await refuse(t, indexBlocks(t, blocks, { maxEntries: 4 }), 'too-large');
});

test('indexTar() stops a bomb long before it has gone off', async (t) => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
  const limits = { ratioWindowBytes: 1024 * 1024, maxRatio: 100 };
  await refuse(t, index(t, Readable.from([bomb]), limits), 'too-large');
});

test('indexTar() is aborted by its signal', async (t) => {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const controller = new AbortController();
  // Half an archive, and nothing after it.
  const archive = new Readable({ read: () => {} });
  archive.push(good.subarray(0, 20));
  const indexed = indexTar({ archive, spoolFile: join(path, 'spool'), signal: controller.signal });
  controller.abort(new Error('stopped'));
  await t.throwsAsync(indexed, { message: /stopped/ });
});
