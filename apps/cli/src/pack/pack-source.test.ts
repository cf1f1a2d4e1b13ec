import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { createSource } from '../testing/create-source.js';
import { packSource } from './pack-source.js';

async function pack(t: ExecutionContext, folder: string, manifest = 'convox.yml') {
  const warnings: string[] = [];
  const archive = join(createSource(t), 'source.tgz');
  const source = packSource(folder, { manifest, warn: (message) => warnings.push(message) });
  await pipeline(source.openArchive(), createWriteStream(archive));
  return { archive, warnings, names: tar('-tzf', archive).split('\n').filter(Boolean) };
}

function tar(...args: string[]): string {
  return execFileSync('tar', ['--quoting-style=literal', ...args], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } });
}

test('packSource(): lists sorted names without "./", folders before their content', async (t) => {
  const folder = createSource(t, {
    'b/z.txt': 'z',
    'b/a.txt': 'a',
    'a.txt': '',
    '.git/HEAD': 'ref',
    Dockerfile: 'FROM x',
  });
  mkdirSync(join(folder, 'empty'));
  const { names } = await pack(t, folder);
  t.deepEqual(names, ['.git/', '.git/HEAD', 'Dockerfile', 'a.txt', 'b/', 'b/a.txt', 'b/z.txt', 'convox.yml', 'empty/']);
});

test('packSource(): an archive that Debian tar extracts to the same tree', async (t) => {
  const long = `${'l'.repeat(90)}/${'m'.repeat(90)}/${'n'.repeat(120)}`;
  const folder = createSource(t, {
    'run.sh': '#!/bin/sh\n',
    'naïve/日本.txt': 'text',
    [`${'p'.repeat(60)}/${'q'.repeat(60)}.txt`]: 'prefix',
    [long]: 'long',
    'exact.bin': 'x'.repeat(512),
    'large.bin': 'y'.repeat(700_001),
  });
  chmodSync(join(folder, 'run.sh'), 0o4751);
  symlinkSync('../outside/ünd so weiter', join(folder, 'dangling'));
  symlinkSync('t'.repeat(150), join(folder, 'far'));
  linkSync(join(folder, 'run.sh'), join(folder, 'same.sh'));
  const { archive } = await pack(t, folder);
  const copy = createSource(t);
  tar('-xzpf', archive, '-C', copy);
  execFileSync('diff', ['-r', '--no-dereference', folder, copy]);
  t.is(lstatSync(join(copy, 'run.sh')).mode & 0o7777, 0o4751);
  t.is(lstatSync(join(copy, 'same.sh')).nlink, 1);
  t.is(
    Math.floor(lstatSync(join(copy, long)).mtimeMs / 1000),
    Math.floor(lstatSync(join(folder, long)).mtimeMs / 1000),
  );
});

test('packSource(): numeric owners, no names, and the same bytes every time', async (t) => {
  const folder = createSource(t, { 'a.txt': 'a' });
  const [first, second] = [await pack(t, folder), await pack(t, folder)];
  t.deepEqual(readFileSync(first.archive), readFileSync(second.archive));
  const { uid, gid } = lstatSync(join(folder, 'a.txt'));
  t.regex(tar('-tvzf', first.archive), new RegExp(`^-\\S+ ${uid}/${gid} +1 .* a\\.txt$`, 'm'));
});

test('packSource(): .dockerignore is obeyed, and what a build cannot do without is sent all the same', async (t) => {
  const folder = createSource(t, {
    'deploy/rack.yml': 'services:\n  web:\n    build: { path: web, manifest: "build/web.df" }\n',
    '.dockerignore': '*\n!src\nsrc/*.log\n',
    Dockerfile: 'FROM x',
    'Dockerfile.dev': 'FROM x',
    'web/build/web.df': 'FROM x',
    'build/web.df': 'FROM x',
    'build/other.txt': '',
    'node_modules/p/Dockerfile': 'FROM x',
    'src/app.js': '',
    'src/app.log': '',
    'secret.txt': '',
  });
  const { names } = await pack(t, folder, 'deploy/rack.yml');
  t.deepEqual(names, [
    '.dockerignore',
    'Dockerfile',
    'Dockerfile.dev',
    'build/',
    'build/web.df',
    'deploy/',
    'deploy/rack.yml',
    'src/',
    'src/app.js',
  ]);
});

test('packSource(): an ignored folder that cannot be read does no harm', async (t) => {
  const folder = createSource(t, { '.dockerignore': 'locked\n', 'locked/a.txt': '' });
  chmodSync(join(folder, 'locked'), 0o000);
  t.teardown(() => chmodSync(join(folder, 'locked'), 0o755));
  t.deepEqual((await pack(t, folder)).names, ['.dockerignore', 'convox.yml']);
});

test('packSource(): sockets and pipes are left out with a warning', async (t) => {
  const folder = createSource(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { names, warnings } = await pack(t, folder);
  t.deepEqual(names, ['convox.yml']);
  t.deepEqual(warnings, ['"pipe" is not sent: it is neither a file, a folder nor a symlink']);
});

for (const [what, change] of [
  ['grows', (file: string) => truncateSync(file, 2_000_000)],
  ['shrinks', (file: string) => truncateSync(file, 10)],
] as const) {
  test(`packSource(): a file that ${what} while it is read breaks the archive with a clear error`, async (t) => {
    const folder = createSource(t);
    const file = join(folder, 'a.bin');
    writeFileSync(file, Buffer.alloc(1_500_000, 1));
    const stream = packSource(folder, { manifest: 'convox.yml', warn: t.log }).openArchive();
    setImmediate(() => change(file));
    await t.throwsAsync(async () => void (await stream.toArray()), { message: /^cannot pack "a\.bin": it changed/ });
  });
}

test('packSource(): a file that is gone when it is its turn is named', async (t) => {
  const folder = createSource(t, { 'a.txt': 'a' });
  const source = packSource(folder, { manifest: 'convox.yml', warn: t.log });
  rmSync(join(folder, 'a.txt'));
  await t.throwsAsync(() => source.openArchive().toArray(), { message: /^cannot pack "a\.txt": it is gone/ });
});

test('packSource(): bad input gives one clear line', (t) => {
  const folder = createSource(t, { '.dockerignore': 'a[\n', file: '' });
  const attempt =
    (path: string, manifest = 'convox.yml') =>
    () =>
      packSource(path, { manifest, warn: t.log });
  t.throws(attempt(join(folder, 'none')), { message: /^cannot build ".*none": no such folder$/ });
  t.throws(attempt(join(folder, 'file')), { message: /it is not a folder$/ });
  t.throws(attempt(folder, 'other.yml'), { message: /^no such file: other\.yml \(in / });
  t.throws(attempt(folder, '../convox.yml'), { message: /is outside the source folder$/ });
  t.throws(attempt(folder), { message: 'cannot read .dockerignore: bad pattern "a["' });
});

test('packSource(): ten thousand small files come out whole', async (t) => {
  const folder = createSource(t);
  for (let index = 0; index < 10_000; index++) writeFileSync(join(folder, `f${index}`), `content ${index}`);
  const { archive } = await pack(t, folder);
  const copy = createSource(t);
  tar('-xzf', archive, '-C', copy);
  t.is(readdirSync(copy).length, 10_001);
  t.is(readFileSync(join(copy, 'f9999'), 'utf8'), 'content 9999');
  t.is(gunzipSync(readFileSync(archive)).length % 512, 0);
});

test('packSource(): memory stays flat for a file of 500 MB', (t) => {
  const folder = createSource(t, { 'big.bin': '' });
  truncateSync(join(folder, 'big.bin'), 500 * 1024 * 1024);
  const script = `
    import { packSource } from ${JSON.stringify(new URL('./pack-source.js', import.meta.url).href)};
    let bytes = 0;
    const source = packSource(${JSON.stringify(folder)}, { manifest: 'convox.yml', warn() {} });
    for await (const chunk of source.openArchive()) bytes += chunk.length;
    console.log(JSON.stringify({ bytes, maxRssKiB: process.resourceUsage().maxRSS }));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const { bytes, maxRssKiB } = JSON.parse(output) as { bytes: number; maxRssKiB: number };
  t.true(bytes > 1_000_000);
  t.true(maxRssKiB < 150 * 1024, `${maxRssKiB} KiB`);
  t.log(`${maxRssKiB} KiB`);
});
