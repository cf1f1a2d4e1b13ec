import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderBuildkitdConfig, startBuildkitd } from '@convox-builds/buildkit-client';
import { createTemporaryFolder, findTool, searchPath, startRegistry, type TestRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { createSource } from './testing/create-source.js';
import { type Shop, startShop } from './testing/start-shop.js';

// `htpasswd -nbB me secret`
const HTPASSWD = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';
const AUTHORIZATION = `Basic ${Buffer.from('me:secret').toString('base64')}`;
const FILES = {
  'convox.yml':
    'services:\n  web: {build: {path: web, target: last, args: [GREETING]}}\n  job: {build: {path: web, target: last, args: [GREETING]}}\n',
  'web/Dockerfile':
    'FROM scratch AS last\nARG GREETING\nCOPY file /\nLABEL greeting=$GREETING\nFROM scratch\nCOPY none /\n',
  'web/file': 'content',
};

let registry: TestRegistry;
let stopDaemon: () => Promise<void>;
let environment: Readonly<Record<string, string>>;

test.before(async () => {
  registry = await startRegistry({ auth: { kind: 'basic', htpasswd: HTPASSWD } });
  const folder = await createTemporaryFolder();
  const daemon = await startBuildkitd({
    binary: findTool('buildkitd'),
    stateFolder: folder.path,
    searchPath: searchPath(),
    configToml: renderBuildkitdConfig({ network: { mode: 'host' }, registries: {} }),
  });
  const path = `${dirname(findTool('buildctl'))}:/usr/bin:/bin`;
  environment = { PATH: path, BUILDKIT_HOST: daemon.address, GREETING: 'from-env' };
  stopDaemon = async () => {
    await daemon.stop({ graceMs: 5000 });
    await folder.remove();
  };
});

test.after.always(async () => {
  await stopDaemon?.();
  await registry?.stop();
});

async function startExternal(t: ExecutionContext, repository = `http://me:secret@${registry.host}/shop`) {
  const shop = await startShop(t, { repository });
  shop.rack.addRelease({ id: 'ROLD', env: 'A=1' });
  const temporary = await createTemporaryFolder();
  t.teardown(temporary.remove);
  const build = (files: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    shop.run(['build', createSource(t, files), '--external', '-a', 'shop', '--engine', 'buildctl', ...args], {
      env: { ...environment, TMPDIR: temporary.path },
    });
  return { ...shop, build, leftovers: () => readdirSync(temporary.path) };
}

const eventsOf = ({ seen }: Shop['rack']) => seen.filter(({ path }) => path === '/events').map(({ form }) => form);

interface ImageDocument {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config: { readonly digest: string; readonly Labels: unknown };
}

async function readLabels(tag: string): Promise<unknown> {
  const get = async (path: string): Promise<ImageDocument> => {
    const url = `http://${registry.host}/v2/shop/${path}`;
    const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
    const response = await fetch(url, { headers: { Authorization: AUTHORIZATION, Accept: accept } });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return (await response.json()) as ImageDocument;
  };
  let manifest = await get(`manifests/${tag}`);
  const [first] = manifest.manifests ?? [];
  if (first !== undefined) manifest = await get(`manifests/${first.digest}`);
  return (await get(`blobs/${manifest.config.digest}`)).config.Labels;
}

test('convox build --external: builds with buildctl, pushes to the rack, and records build, log and release', async (t) => {
  const { rack, build, leftovers } = await startExternal(t);
  const { code, stdout, stderr } = await build(FILES, '--build-args', 'GREETING');
  t.is(code, 0, stdout + stderr);
  const [recorded] = rack.builds;
  const id = String(recorded?.id);
  t.true(stdout.startsWith('Starting build... OK\n#1 '), stdout);
  t.true(stdout.endsWith(`Build:   ${id}\nRelease: RNEW1\n`), stdout);
  t.like(recorded, { status: 'complete', release: 'RNEW1', manifest: FILES['convox.yml'] });
  t.like(rack.releases[0], { build: id, env: 'A=1' });
  t.deepEqual(eventsOf(rack), [
    { action: 'build:create', data: `app=shop&id=${id}&release_id=RNEW1`, status: 'success' },
  ]);
  for (const service of ['web', 'job']) t.deepEqual(await readLabels(`${service}.${id}`), { greeting: 'from-env' });
  t.is(recorded?.logs, `object://shop/build/${id}/logs`);
  const log = rack.objects.get(`build/${id}/logs`)?.toString() ?? '';
  t.true(stdout.includes(log) && log.length > 100);
  t.false(`${stdout}${stderr}${log}`.includes('secret'));
  t.deepEqual(leftovers(), []);

  const copied = { 'convox.yml': `services:\n  copy: {image: "${registry.host}/shop:web.${id}"}\n` };
  const second = await build(copied, '--json');
  t.is(second.code, 0, second.stderr);
  const printed = JSON.parse(second.stdout);
  t.is(printed.repository, `http://${registry.host}/shop`);
  t.deepEqual(await readLabels(`copy.${printed.id}`), { greeting: 'from-env' });
});

test('convox build --external: a failed build is recorded as such, with its log', async (t) => {
  const { rack, build, leftovers } = await startExternal(t);
  const { code, stderr } = await build({ ...FILES, 'web/Dockerfile': 'FROM scratch AS last\nCOPY none /\n' });
  t.is(code, 1);
  t.is(stderr, 'ERROR: build failed: buildctl build ended with exit code 1\n');
  t.is(rack.builds[0]?.status, 'failed');
  t.deepEqual(eventsOf(rack), [
    {
      action: 'build:create',
      data: `app=shop&id=${String(rack.builds[0]?.id)}`,
      status: 'error',
      error: 'buildctl build ended with exit code 1',
    },
  ]);
  t.regex(rack.objects.get(`build/${String(rack.builds[0]?.id)}/logs`)?.toString() ?? '', /"\/none": not found/);
  t.is(rack.releases.length, 1);
  t.deepEqual(leftovers(), []);
});

test('convox build --external: what cannot be built is refused, and never left as if it went on', async (t) => {
  const { rack, build, run } = await startExternal(t, '');
  const none = await build(FILES);
  t.is(none.stderr, 'ERROR: build failed: this rack takes no external builds: it names no registry to push to\n');
  t.is(rack.builds[0]?.status, 'failed');
  t.is((await build({ 'convox.yml': 'services: [\n' })).code, 1);
  t.is(rack.builds[0]?.status, 'failed');
  const before = rack.builds.length;
  for (const [args, message] of [
    [['--engine', 'kaniko'], '--engine must be one of docker, podman, buildctl, not "kaniko"'],
    [['--detach'], '--detach: a build on this machine ends with the command'],
    [['-m', 'none.yml'], /^no such file or folder: none\.yml \(in /],
  ] as const) {
    const { code, stderr } = await build(FILES, ...args);
    t.is(code, 1);
    if (typeof message === 'string') t.is(stderr, `ERROR: ${message}\n`);
    else t.regex(stderr.replace(/^ERROR: /, ''), message);
  }
  const git = await run(['build', 'https://me:hunter2@git.example.org/a.git', '--external', '-a', 'shop'], {});
  t.is(git.stderr, 'ERROR: --external builds a folder: clone https://git.example.org/a.git and build that\n');
  const empty = await run(['build', createSource(t), '--external', '-a', 'shop'], { env: { PATH: '/nonexistent' } });
  t.regex(empty.stderr, /^ERROR: --external needs docker, podman, buildctl on the PATH, and there is none[^\n]*\n$/);
  t.is(rack.builds.length, before);
});

test('promise 6: convox build --external: no argument and no secret of the source decides which program runs', async (t) => {
  const { rack, run } = await startExternal(t);
  rack.addRelease({ id: 'RENV', env: 'TOKEN=hunter2\nDOCKER_HOST=of-the-app' });
  // In the place of Docker, which is not on every machine: it tells how it is called.
  const tell = 'printf "%s\\n" "$@" >> "$SEEN.args"; env >> "$SEEN.env"';
  const own = createSource(t, { 'bin/docker': `#!/bin/sh\n${tell}\n` });
  chmodSync(join(own, 'bin/docker'), 0o755);
  const written = '["PATH=./tools", "LD_PRELOAD=./tools/evil.so", "DOCKER_HOST", "FROM_CI"]';
  const folder = createSource(t, {
    'convox.yml': `services:\n  web: {build: {args: ${written}}}\n  job: {build: {secrets: [PATH, TOKEN]}}\n`,
    Dockerfile: 'FROM scratch\n',
    'tools/docker': '#!/bin/sh\n: > canary\n',
    docker: '#!/bin/sh\n: > canary\n',
  });
  for (const file of ['tools/docker', 'docker']) chmodSync(join(folder, file), 0o755);
  const seen = join(own, 'seen');
  const { code, stderr } = await run(['build', '--external', '-a', 'shop', '--build-args', 'FROM_CI'], {
    cwd: folder,
    env: { PATH: `${join(own, 'bin')}:/usr/bin:/bin`, SEEN: seen, FROM_CI: 'correct-horse' },
  });
  t.deepEqual([code, stderr], [0, '']);
  t.false(existsSync(join(folder, 'canary')));
  const args = readFileSync(`${seen}.args`, 'utf8').split('\n');
  const valuesOf = (option: string) => args.filter((_, index) => args[index - 1] === option);
  const passed = ['PATH=./tools', 'LD_PRELOAD=./tools/evil.so', 'DOCKER_HOST=of-the-app', 'FROM_CI'];
  t.deepEqual(valuesOf('--build-arg'), [...passed, 'FROM_CI']);
  t.deepEqual(valuesOf('--secret'), ['id=PATH,env=CONVOX_SECRET_0', 'id=TOKEN,env=CONVOX_SECRET_1']);
  t.false(args.some((word) => /hunter2|correct-horse/.test(word)));
  const variables = readFileSync(`${seen}.env`, 'utf8').split('\n');
  t.true(variables.includes('CONVOX_SECRET_1=hunter2') && variables.includes('FROM_CI=correct-horse'));
  t.deepEqual(
    variables.filter((line) => /^(?:LD_PRELOAD|DOCKER_HOST|TOKEN)=|^PATH=\.\/tools/.test(line)),
    [],
  );
});

test('convox build --external: secrets reach the step that asks for them', async (t) => {
  const { rack, run } = await startExternal(t);
  rack.addRelease({ id: 'RENV', env: 'PATH=hunter2' });
  const folder = createSource(t, {
    'convox.yml': 'services:\n  web: {build: {secrets: [PATH]}}\n',
    Dockerfile:
      'FROM scratch\nCOPY busybox expected /\nRUN --mount=type=secret,id=PATH ["/busybox", "cmp", "/expected", "/run/secrets/PATH"]\n',
    expected: 'hunter2',
  });
  copyFileSync('/bin/busybox', join(folder, 'busybox'));
  const options = ['--external', '-a', 'shop', '--engine', 'buildctl'];
  const { code, stdout, stderr } = await run(['build', folder, ...options], { env: environment });
  t.is(code, 0, stdout + stderr);
  t.false(stdout.includes('hunter2'));
});

test('promise 6: convox build --external: nothing beside the source gets into a build', async (t) => {
  const { build, run } = await startExternal(t);
  const outside = createSource(t, { secret: 'hunter2', Dockerfile: 'hunter2' });
  const folder = createSource(t, { Dockerfile: 'FROM scratch\nCOPY secret /\n' });
  symlinkSync(outside, join(folder, 'link'));
  symlinkSync(join(outside, 'Dockerfile'), join(folder, 'Dockerfile.link'));
  symlinkSync(join(outside, 'convox.yml'), join(folder, 'link.yml'));
  const options = ['--external', '-a', 'shop', '--engine', 'buildctl'];
  for (const [written, path] of [
    ['link', 'link'],
    ['{manifest: Dockerfile.link}', 'Dockerfile.link'],
  ]) {
    writeFileSync(join(folder, 'convox.yml'), `services:\n  web: {build: ${written}}\n`);
    const { stderr } = await run(['build', folder, ...options], { env: environment });
    t.is(stderr, `ERROR: build failed: "${path}" is outside the source ${folder}\n`);
  }
  const manifest = await run(['build', folder, '-m', 'link.yml', ...options], { env: environment });
  t.is(manifest.stderr, `ERROR: "link.yml" is outside the source ${folder}\n`);
  const { stderr } = await build({
    'convox.yml': 'services:\n  web: {build: {secrets: ["A,src=/etc/hostname"]}}\n',
    Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n',
  });
  t.regex(stderr, /^ERROR: build failed: cannot pass secret "A,src=\/etc\/hostname": [^\n]+\n$/);
  const files = await build({ 'convox.yml': 'services:\n  web: {image: "dir:/etc"}\n' });
  t.regex(files.stderr, /^ERROR: build failed: Cannot read image reference "dir:\/etc": [^\n]+\n$/);
});
