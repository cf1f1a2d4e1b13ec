import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { type CommandEnd, startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});

test.after.always(() => rack?.stop());

type Files = Readonly<Record<string, string>>;

interface Given {
  readonly environment?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** Builds a folder as an app of its own. */
async function build(t: ExecutionContext, app: string, files: Files, given: Given = {}): Promise<CommandEnd> {
  const { environment = [], links = {}, flags = [] } = given;
  await rack.convox(['apps', 'create', app]);
  if (environment.length > 0) await rack.convox(['env', 'set', ...environment, '--app', app]);
  const source = await createSource(t, files);
  for (const [path, target] of Object.entries(links)) await symlink(target, join(source, path));
  return rack.convox(['build', '--app', app, ...flags], source);
}

interface WireBuild {
  readonly images: Readonly<Record<string, { digest: string; platforms: readonly string[] }>>;
}

async function imagesOf(app: string): Promise<WireBuild['images']> {
  const [last] = await rack.json<WireBuild[]>('builds', '--app', app);
  return last?.images ?? {};
}

const lastLine = ({ stderr }: CommandEnd) => stderr.trim().split('\n').at(-1) ?? '';

test('build.args reach what declares them: before FROM, several on a line, over lines, and no here-document', async (t) => {
  const Dockerfile = [
    'ARG BASE=none',
    'FROM $BASE',
    'ARG ONE TWO=2 \\',
    '  THREE',
    'RUN <<END',
    'ARG=5',
    'test "$ONE-$TWO-$THREE" = 1-x-from-app',
    'END',
  ].join('\n');
  const convoxYml = 'services:\n  web:\n    build:\n      args: [BASE=busybox, ONE=1, TWO=x, THREE, OTHER=y]\n';
  const { code, stdout } = await build(
    t,
    'args',
    { 'convox.yml': convoxYml, Dockerfile },
    { environment: ['THREE=from-app'] },
  );
  t.is(code, 0, stdout);
  t.regex(stdout, /^warning: convox\.yml:4:49: service web: build argument OTHER is not declared by Dockerfile$/m);
  t.is(stdout.match(/is not declared/g)?.length, 1);
});

test('build.target names the stage, and --development another one', async (t) => {
  const files = {
    'convox.yml': 'services: {web: {build: {target: middle, args: [A=1]}}}',
    Dockerfile:
      'FROM busybox AS development\nRUN echo in development\nFROM busybox AS middle\nARG A\nRUN echo in middle $A\nFROM busybox\nRUN exit 1\n',
  };
  const plain = await build(t, 'target', files);
  t.is(plain.code, 0, plain.stdout);
  t.regex(plain.stdout, /in middle 1/);
  t.notRegex(plain.stdout, /in development|not declared/);
  const development = await build(t, 'target', files, { flags: ['--development'] });
  t.is(development.code, 0, development.stdout);
  t.regex(development.stdout, /in development/);
  t.regex(development.stdout, /build argument A is not declared/);
});

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

/** Files below a folder that have a text in them; what is compressed is looked into. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // What has gone meanwhile has nothing in it.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(text) || unpacked(bytes).includes(text)) found.push(path);
  }
  return found;
}

const SECRET = 'correct-horse-battery-staple';
const readSecrets = (name: string, check: string) =>
  `FROM busybox\nARG TOKEN=none\nRUN --mount=type=secret,id=TOKEN --mount=type=secret,id=OTHER ${check} && echo found-by-${name} > /done\n`;

test('promise 7: a secret is offered to the services that list it, to no others, and leaves no trace', async (t) => {
  const { code, stdout } = await build(
    t,
    'secrets',
    {
      'convox.yml': `services:
  with: {build: {manifest: with, secrets: [TOKEN, ABSENT]}}
  without: {build: {manifest: without, args: [TOKEN=none]}}
  other: {build: {manifest: other, secrets: [OTHER], args: [TOKEN=none]}}
`,
      with: readSecrets(
        'with',
        'grep -q battery /run/secrets/TOKEN && test $TOKEN = none && test ! -e /run/secrets/OTHER',
      ),
      without: readSecrets('without', 'test ! -e /run/secrets/TOKEN && test ! -e /run/secrets/OTHER'),
      other: readSecrets('other', 'test -e /run/secrets/OTHER && test ! -e /run/secrets/TOKEN'),
    },
    { environment: [`TOKEN=${SECRET}`, 'OTHER=something-else'] },
  );
  t.is(code, 0, stdout);
  t.regex(stdout, /^warning: convox\.yml:2:43: service with: secret ABSENT is not set in the app's environment$/m);
  t.regex(stdout, /^warning: convox\.yml:2:43: service with: secret TOKEN is not given to ARG TOKEN, mount it$/m);
  t.false(stdout.includes(SECRET));
  for (const folder of ['registry', 'worker', 'objects'])
    t.deepEqual(await filesWith(join(rack.folder, folder), SECRET), [], `${folder}: images, history, provenance, logs`);
  t.not((await filesWith(join(rack.folder, 'registry'), 'found-by-with')).length, 0, 'the search would find it');
});

test('build.platforms makes one index of several platforms; what only copies needs no emulation', async (t) => {
  const { code, stdout } = await build(
    t,
    'platforms',
    {
      'convox.yml': `services:
  both: {build: {platforms: [linux/amd64, linux/arm64], args: [A=1]}}
  again: {build: {platforms: [linux/arm64, linux/amd64], args: [A=1]}}
  foreign: {build: {manifest: cross, platforms: [linux/arm64], args: [B=1]}}
  several: {build: {manifest: cross, platforms: [linux/arm64, linux/amd64], args: [C=1]}}
`,
      Dockerfile: 'FROM scratch\nARG A\nCOPY convox.yml /\nENTRYPOINT ["/x"]\n',
      cross: `FROM --platform=$BUILDPLATFORM busybox AS build
ARG TARGETARCH FROM_APP
RUN test "$FROM_APP" = value && echo $TARGETARCH > /made
FROM scratch
COPY --from=build /made /
`,
    },
    { environment: ['FROM_APP=value'] },
  );
  t.is(code, 0, stdout);
  const images = await imagesOf('platforms');
  t.deepEqual(images['both']?.platforms, ['linux/amd64', 'linux/arm64']);
  t.is(images['again']?.digest, images['both']?.digest, 'built once');
  t.deepEqual(images['foreign']?.platforms, ['linux/arm64']);
  t.deepEqual(images['several']?.platforms, ['linux/arm64', 'linux/amd64']);
  t.deepEqual([...stdout.matchAll(/^warning: (.*)$/gm)].map(([, text = '']) => text).toSorted(), [
    'convox.yml:4:71: service foreign: build argument B is not declared by cross',
    'convox.yml:5:84: service several: build argument C is not declared by cross',
  ]);
});

test('the parameter BuildArch of an app counts for services that name no platforms', async (t) => {
  await rack.convox(['apps', 'create', 'arch']);
  const { origin, username, password } = new URL(rack.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const body = new URLSearchParams({ parameters: 'BuildArch=arm64' });
  t.is((await fetch(`${origin}/apps/arch`, { method: 'PUT', headers: { authorization }, body })).status, 200);
  const { code, stdout } = await build(t, 'arch', {
    'convox.yml': 'services: {web: {build: .}, own: {build: {platforms: [linux/amd64]}}}',
    Dockerfile: 'FROM scratch\nCOPY convox.yml /\n',
  });
  t.is(code, 0, stdout);
  const { web, own } = await imagesOf('arch');
  t.deepEqual([web?.platforms, own?.platforms], [['linux/arm64'], ['linux/amd64']]);
});

/** The first 64 bytes of a program for another processor: enough for the kernel to refuse it. */
const FOREIGN_PROGRAM =
  '\\177ELF\\002\\001\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000\\267\\000\\001\\000\\000\\000';

test('promise 10: a RUN of a platform that cannot run here says so in one line', async (t) => {
  const end = await build(t, 'foreign', {
    'convox.yml': 'services: {web: {build: {platforms: [linux/arm64]}}}',
    Dockerfile: `FROM --platform=$BUILDPLATFORM busybox AS build
RUN mkdir -p /root/bin && printf '${FOREIGN_PROGRAM}' > /root/bin/sh && chmod +x /root/bin/sh
FROM scratch
COPY --from=build /root /
RUN make
`,
  });
  t.is(end.code, 1);
  t.regex(
    lastLine(end),
    /web: Dockerfile line 5: RUN started a program for linux\/arm64, which cannot run on this worker/,
  );
});

const FAULTS: Readonly<Record<string, { files: Files; links?: Given['links']; says: string }>> = {
  'a folder that is not there': {
    files: { 'convox.yml': 'services:\n  web: {build: sub}' },
    says: 'convox.yml:2:16: service web: no such file: sub',
  },
  'a Dockerfile that is not there': {
    files: { 'convox.yml': 'services:\n  web: {build: {manifest: docker/web}}', Dockerfile: '' },
    says: 'convox.yml:2:27: service web: no such file: docker/web',
  },
  'a folder that is a link out of the source': {
    files: { 'convox.yml': 'services:\n  web: {build: sub}' },
    links: { sub: '../../etc' },
    says: 'convox.yml:2:16: service web: build path sub is outside the source',
  },
  'a Dockerfile that is a link out of the source': {
    files: { 'convox.yml': 'services:\n  web: {build: .}' },
    links: { Dockerfile: '/etc/passwd' },
    says: 'convox.yml:2:16: service web: build path Dockerfile is outside the source',
  },
  'a manifest of a megabyte': {
    files: { 'convox.yml': `# ${'x'.repeat(1024 * 1024)}\n` },
    says: 'convox.yml:1:1: more than 262144 bytes',
  },
};

for (const [index, [what, { files, links = {}, says }]] of Object.entries(FAULTS).entries()) {
  test(`promise 10: a build with ${what} says where and what`, async (t) => {
    const end = await build(t, `fault-${index}`, files, { links });
    t.is(end.code, 1, end.stdout);
    t.true(lastLine(end).endsWith(says), lastLine(end));
  });
}

test('links inside of the source lead to folders and Dockerfiles', async (t) => {
  const { code, stdout } = await build(
    t,
    'links',
    { 'convox.yml': 'services: {web: {build: alias}}', 'docker/web': 'FROM scratch\nCOPY file /\n', 'sub/file': 'x' },
    { links: { alias: 'sub', 'sub/Dockerfile': '../docker/web' } },
  );
  t.is(code, 0, stdout);
});
