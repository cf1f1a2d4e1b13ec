import { createRegistryClient, parseManifest } from '@convox-builds/registry';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});

test.after.always(() => rack?.stop());

interface WireBuild {
  readonly id: string;
  readonly state: string;
  readonly release: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

const createApp = (name: string) => rack.convox(['apps', 'create', name]);
const listBuilds = (app: string) => rack.json<WireBuild[]>('builds', '--app', app);

test('convox build turns a folder into a release with an image for every service', async (t) => {
  await createApp('whole');
  const source = await createSource(t, {
    'convox.yml': `
services:
  web: {build: {args: [GREETING=hello]}}
  tool: {build: {path: tool, manifest: ../tool.Dockerfile}}
  proxy: {image: busybox}
`,
    Dockerfile:
      'FROM busybox AS page\nARG GREETING\nRUN echo "$GREETING" > /page\nFROM busybox\nCOPY --from=page /page /\n',
    'tool.Dockerfile': '# syntax=docker/dockerfile:1\nFROM busybox\nCOPY file /\nRUN test "$(cat /file)" = content\n',
    'tool/file': 'content',
  });
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'whole'], source);
  t.is(code, 0, stderr);
  const [build] = await listBuilds('whole');
  t.like(build, { state: 'complete' });
  t.deepEqual(Object.keys(build?.images ?? {}), ['web', 'tool', 'proxy']);
  t.regex(stdout, new RegExp(`Build: +${build?.id}\nRelease: ${build?.release}\n$`));
  const { username, password } = new URL(rack.url);
  const credentials = async () => ({ username, password });
  const registry = createRegistryClient({ access: { isPlainHttp: () => true, mirrors: () => [], credentials } });
  for (const [service, { digest }] of Object.entries(build?.images ?? {})) {
    const repository = { registry: rack.registryHost, repository: 'whole' };
    const { bytes } = await registry.getManifest({ ...repository, digest });
    t.is(parseManifest(bytes).kind, 'manifest');
    const tagged = await registry.getManifest({ ...repository, tag: `${service}.${build?.id}` });
    t.is(tagged.descriptor.digest, digest);
  }
  const log = await rack.convox(['builds', 'logs', build?.id ?? '', '--app', 'whole']);
  t.true(stdout.includes(log.stdout), 'what was streamed is what is stored');
});

test('a release is not active before it is promoted', async (t) => {
  await createApp('promoted');
  const source = await createSource(t, { Dockerfile: 'FROM busybox\n' });
  await rack.convox(['build', '--app', 'promoted'], source);
  const before = await rack.json<{ status: string }[]>('releases', '--app', 'promoted');
  t.false(before.some(({ status }) => status === 'active'));
  t.is((await rack.convox(['releases', 'promote', '--app', 'promoted'])).code, 0);
  t.regex((await rack.convox(['releases', '--app', 'promoted'])).stdout, /active/);
});

test('an app gives its environment to the arguments that a Dockerfile declares, and to nothing else', async (t) => {
  await createApp('arguments');
  await rack.convox(['env', 'set', 'DECLARED=from-env', 'OTHER=unseen-value', '--app', 'arguments']);
  const source = await createSource(t, {
    Dockerfile: 'FROM busybox\nARG DECLARED OTHERS=none\nRUN test "$DECLARED" = from-env && test -z "$OTHER"\n',
  });
  const { code, stdout } = await rack.convox(['build', '--app', 'arguments'], source);
  t.is(code, 0, stdout);
  t.notRegex(stdout, /from-env|unseen-value/);
});

test('--development builds the stage of that name', async (t) => {
  await createApp('development');
  const source = await createSource(t, {
    Dockerfile: 'FROM busybox AS development\nRUN echo here\nFROM busybox\nRUN exit 1\n',
  });
  t.is((await rack.convox(['build', '--development', '--app', 'development'], source)).code, 0);
  t.is((await rack.convox(['build', '--app', 'development'], source)).code, 1);
});

const FAILURES: Readonly<Record<string, { files: Readonly<Record<string, string>>; says: RegExp }>> = {
  'a step that fails': {
    files: { Dockerfile: 'FROM busybox\nRUN echo a \\\n && exit 3\n' },
    says: /web: Dockerfile line 2: .*exit code: 3/,
  },
  'no Dockerfile': { files: {}, says: /service web: no such file: Dockerfile/ },
  'a Dockerfile that is none': {
    files: { Dockerfile: 'RUNN x' },
    says: /web: Dockerfile line 1: .*unknown instruction: RUNN/,
  },
  'a Dockerfile of 400 KB': {
    files: { Dockerfile: `FROM busybox\n${`# ${'x'.repeat(98)}\n`.repeat(4000)}RUN exit 9\n` },
    says: /web: Dockerfile line 4002: .*exit code: 9/,
  },
  'too little memory': {
    files: { Dockerfile: "FROM busybox\nRUN sh -c 'exit 137'\n" },
    says: /exit code: 137 .*out of memory/,
  },
  'a bad convox.yml': { files: { 'convox.yml': 'services: [', Dockerfile: '' }, says: /convox\.yml:1:\d+: / },
  'the network of the host': {
    files: { Dockerfile: 'FROM busybox\nRUN --network=host true\n' },
    says: /network\.host is not allowed/,
  },
  'a path out of the source': {
    files: { 'convox.yml': 'services: {web: {build: ../x}}' },
    says: /service web: build path \.\.\/x is outside the source/,
  },
  'an image that is nowhere': {
    files: { 'convox.yml': 'services: {web: {image: "registry.invalid/nobody/nothing:1"}}' },
    says: /web: image "registry\.invalid\/nobody\/nothing:1" cannot be copied: /,
  },
};

for (const [index, [what, { files, says }]] of Object.entries(FAILURES).entries()) {
  test(`promise 10: a build with ${what} says so in one line and fails`, async (t) => {
    const app = `failing-${index}`;
    await createApp(app);
    const { code, stderr } = await rack.convox(['build', '--app', app], await createSource(t, files));
    t.is(code, 1);
    t.regex(stderr.trim().split('\n').at(-1) ?? '', says);
    const builds = await listBuilds(app);
    t.deepEqual(
      builds.map(({ state, release }) => [state, release]),
      builds.map(() => ['failed', '']),
    );
  });
}

test('promise 10: an upload that is damaged fails its build by name', async (t) => {
  await createApp('damaged');
  const { origin, username, password } = new URL(rack.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const post = (path: string, body: string | URLSearchParams) =>
    fetch(`${origin}/apps/damaged/${path}`, { method: 'POST', headers: { authorization }, body });
  await post('objects/tmp/x.tgz', 'garbage');
  const { id } = (await (
    await post('builds', new URLSearchParams({ url: 'object://damaged/tmp/x.tgz' }))
  ).json()) as WireBuild;
  await rack.convox(['builds', 'logs', id, '--app', 'damaged']);
  const { stdout } = await rack.convox(['builds', 'info', id, '--app', 'damaged']);
  t.regex(stdout, /Cannot read source archive: it is not gzip, damaged, or cut off/);
});

test('ten builds at once all complete, each with its own release', async (t) => {
  await createApp('ten');
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nARG N\nRUN echo "number $N" > /n\n' });
  const ends = await Promise.all(
    Array.from({ length: 10 }, (_, n) => rack.convox(['build', '--app', 'ten', '--build-args', `N=${n}`], source)),
  );
  t.deepEqual(
    ends.map(({ code }) => code),
    ends.map(() => 0),
  );
  t.is(new Set((await listBuilds('ten')).map(({ release }) => release)).size, 10);
});
