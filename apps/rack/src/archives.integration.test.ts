import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTemporaryFolder } from '@convox-builds/testing';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { CONVOX, startTestRack, type TestRack } from './testing/start-test-rack.js';

const run = promisify(execFile);
const SOURCE = {
  'convox.yml': 'services:\n  web: {build: .}\n  tool: {build: {path: tool}}\n  proxy: {image: busybox}\n',
  Dockerfile: 'FROM busybox\nRUN echo hello > /page\nENTRYPOINT ["cat", "/page"]\n',
  'tool/Dockerfile': 'FROM busybox\nCOPY file /\n',
  'tool/file': 'content',
};

let one: TestRack;
let two: TestRack;

test.before(async () => {
  one = await startTestRack();
  two = await startTestRack();
});

test.after.always(() => Promise.all([one?.stop(), two?.stop()]));

interface WireBuild {
  readonly id: string;
  readonly state: string;
  readonly release: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

/** Settings that know both racks by name, for commands that run in one line. */
async function writeSettings(folder: string): Promise<void> {
  await mkdir(join(folder, 'racks'), { recursive: true });
  for (const [name, { url }] of Object.entries({ one, two })) await writeFile(join(folder, 'racks', name), `${url}\n`);
}

test('a build goes through a pipe from one rack to another, and back through a file', async (t) => {
  const settings = await createTemporaryFolder();
  t.teardown(settings.remove);
  await writeSettings(settings.path);
  const shell = (line: string) =>
    run('sh', ['-c', line.replaceAll('convox ', `${process.execPath} ${CONVOX} `)], {
      env: { PATH: process.env['PATH'] ?? '', CONVOX_CONFIG: settings.path },
      cwd: settings.path,
    });
  await one.convox(['apps', 'create', 'shop']);
  await two.convox(['apps', 'create', 'shop']);
  const built = await one.convox(['build', '--app', 'shop'], await createSource(t, SOURCE));
  t.is(built.code, 0, built.stderr);
  const [source] = await one.json<WireBuild[]>('builds', '--app', 'shop');
  const id = source?.id ?? '';

  const piped = await shell(`convox builds export ${id} -a shop -r one | convox builds import -a shop -r two`);
  t.is(piped.stderr, 'Exporting build... OK\n');
  t.regex(piped.stdout, /^Importing build\.\.\. OK, R[A-Z]{10}\n$/);
  const [copy] = await two.json<WireBuild[]>('builds', '--app', 'shop');
  t.like(copy, { state: 'complete', images: source?.images });
  const logOf = async (rack: TestRack, build: string) =>
    (await rack.convox(['builds', 'logs', build, '--app', 'shop'])).stdout;
  t.is(await logOf(two, copy?.id ?? ''), await logOf(one, id));
  t.is((await two.convox(['releases', 'promote', copy?.release ?? '', '--app', 'shop'])).code, 0);

  const exported = await shell(`convox builds export ${copy?.id} -a shop -r two -f back.tgz`);
  t.deepEqual(exported, { stdout: 'Exporting build... OK\n', stderr: '' });
  const imported = await shell('convox builds import -a shop -r one --id < back.tgz');
  t.is(imported.stderr, `Importing build... OK, ${imported.stdout}\n`);
  const builds = await one.json<WireBuild[]>('builds', '--app', 'shop');
  t.like(builds[0], { state: 'complete', release: imported.stdout, images: source?.images });
  t.is(builds.length, 2);
});

test('an export that fails leaves no file, and the import behind it says so', async (t) => {
  const settings = await createTemporaryFolder();
  t.teardown(settings.remove);
  await writeSettings(settings.path);
  await one.convox(['apps', 'create', 'empty']);
  const file = join(settings.path, 'x.tgz');
  const exported = await one.convox(['builds', 'export', 'BAAAAAAAAAA', '-a', 'empty', '-f', file]);
  t.is(exported.code, 1);
  t.regex(exported.stderr, /ERROR: build not found: BAAAAAAAAAA/);
  await t.throwsAsync(readFile(file), { code: 'ENOENT' });
  const imported = await one.convox(['builds', 'import', '-a', 'empty']);
  t.deepEqual([imported.code, imported.stderr], [1, 'ERROR: there is nothing to import: the archive is empty\n']);
});
