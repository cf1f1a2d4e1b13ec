import { execFile } from 'node:child_process';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createTemporaryFolder } from '@convox-builds/testing';
import test from 'ava';

import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const run = promisify(execFile);
const BUNDLE = fileURLToPath(new URL('../../../tools/bundle/main.mjs', import.meta.url));
const APP = 'myapp';

interface WireBuild {
  readonly id: string;
  readonly release: string;
  readonly state: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

/** What a shell line printed. */
interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

let staging: TestRack;
let production: TestRack;
let folder: { readonly path: string; readonly remove: () => Promise<void> };
/** Runs a line in a shell that has nothing but the bundled command, in the folder of the app. */
let shell: (line: string) => Promise<Printed>;
/** The same on a terminal: what is seen at the end. */
let terminal: (line: string) => Promise<string>;

/** Puts the bundle on a PATH of its own, as an installation does. */
async function installBundle(root: string): Promise<string> {
  await run(process.execPath, [BUNDLE, join(root, 'package')]);
  const bin = join(root, 'bin');
  await mkdir(bin);
  const program = join(bin, 'convox');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'package/convox.mjs')}' "$@"\n`);
  await chmod(program, 0o755);
  return bin;
}

async function writeSettings(root: string): Promise<string> {
  const settings = join(root, 'settings');
  await mkdir(join(settings, 'racks'), { recursive: true });
  for (const [name, { url }] of Object.entries({ staging, production }))
    await writeFile(join(settings, 'racks', name), `${url}\n`);
  return settings;
}

test.before(async () => {
  [staging, production, folder] = await Promise.all([startTestRack(), startTestRack(), createTemporaryFolder()]);
  const cwd = join(folder.path, APP);
  await mkdir(cwd);
  await writeFile(join(cwd, 'convox.yml'), 'services:\n  web:\n    build: .\n    port: 3000\n');
  await writeFile(join(cwd, 'Dockerfile'), 'FROM busybox\nRUN echo built\n');
  const [bin, settings] = await Promise.all([installBundle(folder.path), writeSettings(folder.path)]);
  const env = { PATH: `${bin}:/usr/bin:/bin`, CONVOX_CONFIG: settings, HOME: folder.path, TERM: 'xterm' };
  shell = (line) => run('sh', ['-c', line], { cwd, env });
  terminal = async (line) => {
    const { stdout } = await run('script', ['-qefc', line, '/dev/null'], { cwd, env: { ...env, SHELL: '/bin/sh' } });
    return stdout.replaceAll('\r\n', '\n').replace(/^.*\r\u001b\[K/gm, '');
  };
  await shell('convox switch staging');
  for (const rack of ['staging', 'production']) await shell(`convox apps create ${APP} --rack ${rack}`);
});
test.after.always(() => Promise.all([staging?.stop(), production?.stop(), folder?.remove()]));

const listBuilds = (rack: TestRack) => rack.json<WireBuild[]>('builds', '--app', APP);

async function newestBuild(rack: TestRack): Promise<WireBuild> {
  const [build] = await listBuilds(rack);
  if (build === undefined) throw new Error('there is no build');
  return build;
}

test.serial('convox build', async (t) => {
  const { stdout, stderr } = await shell('convox build');
  const { id, release } = await newestBuild(staging);
  t.is(stderr, '');
  t.regex(stdout, /^Packaging source\.\.\. OK\nUploading source\.\.\. OK\nStarting build\.\.\. OK\n/);
  t.regex(stdout, /^web .*built$/m);
  t.true(stdout.endsWith(`Build:   ${id}\nRelease: ${release}\n`));
  const shown = await terminal('convox build');
  t.regex(shown, /Packaging source\.\.\. .*OK.*\nUploading source\.\.\. .*OK.*\nStarting build\.\.\. .*OK/);
  t.regex(shown, /Build: +B[A-Z]{10}\nRelease: R[A-Z]{10}\n$/);
});

test.serial('convox deploy', async (t) => {
  const { stdout, stderr } = await shell('convox deploy');
  const { release } = await newestBuild(staging);
  t.is(stderr, '');
  t.regex(stdout, new RegExp(`\nPromoting ${release}\\.\\.\\.\n[^]*OK\n$`));
  t.is((await staging.json<{ release: string }>('apps', 'info', APP)).release, release);
});

test.serial('convox builds', async (t) => {
  const builds = await listBuilds(staging);
  const { stdout } = await shell('convox builds');
  const [heading, ...rows] = stdout.trimEnd().split('\n');
  t.regex(heading ?? '', /^ID {11}STATUS {4}RELEASE {6}STARTED +ELAPSED +DESCRIPTION$/);
  t.deepEqual(
    rows.map((row) => row.split(/ {2,}/).slice(0, 3)),
    builds.map(({ id, state, release }) => [id, state, release]),
  );
  t.regex(await terminal('convox builds'), /ID.*STATUS.*RELEASE.*STARTED.*ELAPSED.*DESCRIPTION/);
});

test.serial('convox builds info <id> and convox builds logs <id>', async (t) => {
  const { id, release } = await newestBuild(staging);
  const { stdout } = await shell(`convox builds info ${id}`);
  for (const row of [/^Id +B[A-Z]{10}$/m, /^Status +complete$/m, /^Started +(?:now|.* ago)$/m, /^Elapsed +\d+s$/m])
    t.regex(stdout, row);
  t.regex(stdout, new RegExp(`^Release +${release}$`, 'm'));
  const log = (await shell(`convox builds logs ${id}`)).stdout;
  t.regex(log, /^web .*FROM .*busybox/m);
  t.regex(log, /pushed sha256:[0-9a-f]{64}\n$/);
  t.is(await terminal(`convox builds logs ${id}`), log);
});

test.serial('convox releases promote <id>', async (t) => {
  await shell('convox build');
  const { release } = await newestBuild(staging);
  const { stdout } = await shell(`convox releases promote ${release}`);
  t.regex(stdout, new RegExp(`^Promoting ${release}\\.\\.\\.\n[^]*OK\n$`));
  t.is((await staging.json<{ release: string }>('apps', 'info', APP)).release, release);
});

test.serial(
  'convox builds export <id> -a <app> > build.tgz, and convox builds import -a <app> < build.tgz',
  async (t) => {
    const source = await newestBuild(staging);
    const exported = await shell(`convox builds export ${source.id} -a ${APP} > build.tgz`);
    t.deepEqual(exported, { stdout: '', stderr: 'Exporting build... OK\n' });
    t.true((await stat(join(folder.path, APP, 'build.tgz'))).size > 100_000);
    const { stdout, stderr } = await shell(`convox builds import -a ${APP} < build.tgz`);
    const copy = await newestBuild(staging);
    t.deepEqual([stdout, stderr], [`Importing build... OK, ${copy.release}\n`, '']);
    t.deepEqual(copy.images, source.images);
    await shell('rm build.tgz');
  },
);

test.serial('convox builds export … --rack … | convox builds import … --rack …', async (t) => {
  const source = await newestBuild(staging);
  const line = (id: string) =>
    `convox builds export ${id} -a ${APP} --rack staging | convox builds import -a ${APP} --rack production`;
  const { stdout, stderr } = await shell(line(source.id));
  const copy = await newestBuild(production);
  t.is(stderr, 'Exporting build... OK\n');
  t.is(stdout, `Importing build... OK, ${copy.release}\n`);
  t.deepEqual(copy.images, source.images);
  const shown = await terminal(line(source.id));
  t.regex(shown, /Importing build\.\.\. .*OK.*, R[A-Z]{10}\n$/);
  const failed = await t.throwsAsync<Error & Printed>(shell(line('BAAAAAAAAAA')));
  t.regex(failed?.stderr ?? '', /^ERROR: build not found: BAAAAAAAAAA$/m);
  t.regex(failed?.stderr ?? '', /^ERROR: there is nothing to import: the archive is empty$/m);
});
