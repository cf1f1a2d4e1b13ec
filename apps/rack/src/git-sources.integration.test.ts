import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  createGitRepository,
  createSshKey,
  createTemporaryFolder,
  listProcesses,
  startGitServer,
  startSshServer,
  type TemporaryFolder,
  type TestGitRepository,
  type TestGitServer,
  waitUntil,
} from '@convox-builds/testing';
import test from 'ava';

import { readImageConfig } from './testing/read-image-config.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const run = promisify(execFile);
const PASSWORD = `canary-${randomBytes(12).toString('hex')}`;
const FILES = {
  'convox.yml': 'services:\n  web:\n    build: .\n',
  Dockerfile: 'FROM busybox\nCOPY . /app\nRUN cat /app/greeting; ls -a /app | tr "\\n" " "; ls /app/run -l\n',
  '.dockerignore': 'ignored\n',
  ignored: 'never seen',
  greeting: 'hello from git\n',
  run: { script: '#!/bin/sh\n' },
};

interface Build {
  readonly id: string;
  readonly state: string;
  readonly failure: string;
  readonly reason: string;
  readonly description: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly [name: `git-${string}`]: string;
}

let folder: TemporaryFolder;
let rack: TestRack;
let repository: TestGitRepository;
let commit: string;
let server: TestGitServer;
let closedServer: TestGitServer;

test.before(async () => {
  folder = await createTemporaryFolder();
  [rack, repository] = await Promise.all([startTestRack(), createGitRepository(folder.path, 'app')]);
  commit = await repository.commit(FILES, { message: 'say hello' });
  server = await startGitServer({ folder: folder.path });
  closedServer = await startGitServer({ folder: folder.path, login: `me:${PASSWORD}` });
  await rack.convox(['apps', 'create', 'git']);
});

test.after.always(async () => {
  await rack?.stop();
  await Promise.all([server?.stop(), closedServer?.stop()]);
  await folder?.remove();
});

const build = (url: string, ...more: readonly string[]) => rack.convox(['build', url, '-a', 'git', ...more]);
const newest = async () => (await rack.json<Build[]>('builds', '-a', 'git', '--limit', '1'))[0];

async function waitForBuild(id: string): Promise<Build> {
  let found: Build | undefined;
  await waitUntil(
    async () => {
      found = await rack.json<Build>('builds', 'info', id, '-a', 'git');
      return ['complete', 'failed', 'cancelled'].includes(found.state);
    },
    { what: `build ${id} ends` },
  );
  if (found === undefined) throw new Error('unreachable');
  return found;
}

/** Creates a build as a webhook would: nothing of it is in the arguments of any process. */
async function createBuild(form: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const { username, password, origin } = new URL(rack.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const body = new URLSearchParams(form);
  const answer = await fetch(`${origin}/apps/git/builds`, { method: 'POST', body, headers: { authorization } });
  return { status: answer.status, text: await answer.text() };
}

async function filesWith(text: string): Promise<string> {
  return run('grep', ['-rlaF', text, rack.folder]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

test.serial('convox build <git URL>: nothing is uploaded, the commit is on record, .dockerignore counts', async (t) => {
  const { code, stdout, stderr } = await build(`${server.url}/app.git#main`);
  t.is(code, 0, stdout + stderr);
  t.notRegex(stdout, /Packaging|Uploading/);
  t.regex(stdout, new RegExp(`Commit ${commit.slice(0, 10)} by Ann <ann@example.org>: say hello`));
  t.regex(stdout, /\| hello from git/);
  t.true(stdout.includes('| . .. .dockerignore Dockerfile convox.yml greeting run -rwx'), stdout);
  t.regex(stdout, /-rwxr-xr-x .*\/app\/run/);
  t.like(await newest(), {
    ...{ state: 'complete', 'git-sha': commit, 'git-branch': 'main', 'git-subject': 'say hello' },
    ...{ 'git-author': 'Ann <ann@example.org>', 'git-url': `${server.url}/app.git#main` },
    description: `build ${commit.slice(0, 10)} say hello`,
  });
  const { config } = await readImageConfig(rack, 'git', (await newest())?.images['web']?.digest ?? '');
  t.is(config.Labels['org.opencontainers.image.source'], `${server.url}/app.git`);
  t.is(config.Labels['org.opencontainers.image.revision'], commit);
  const info = await rack.convox(['builds', 'info', (await newest())?.id ?? '', '-a', 'git']);
  t.regex(info.stdout, new RegExp(`Source +${server.url}/app.git#main\\nCommit +${commit} by Ann`));
  const [release] = await rack.json<{ description: string }[]>('releases', '-a', 'git');
  t.is(release?.description, `build ${commit.slice(0, 10)} say hello`);
});

test.serial('promise 10: a source that is not there fails by name and is not tried again', async (t) => {
  const cases = [
    [`${server.url}/none.git`, 'user', /there is no such repository on 127\.0\.0\.1:\d+/],
    [`${server.url}/app.git#nope`, 'user', /there is no such branch, tag or commit/],
    [`${server.url}/app.git#main:nowhere`, 'user', /there is no folder "nowhere"/],
    [`${closedServer.url}/app.git`, 'credentials', /wants a login, and the rack has none for it: give it one with/],
    ['http://169.254.169.254/latest.git', 'user', /is inside of the rack's network/],
    [
      `${rack.url.replace(/\/\/.*@/, '//').replace(/\d+$/, new URL(`http://${rack.registryHost}`).port)}/x.git`,
      'user',
      /inside of/,
    ],
  ] as const;
  for (const [url, failure, reason] of cases) {
    const { code, stderr } = await build(url);
    t.is(code, 1);
    t.regex(stderr, reason);
    const ended = await newest();
    t.deepEqual([ended?.state, ended?.failure], ['failed', failure], url);
    t.true(ended?.reason.startsWith(`Cannot fetch "${url}": `), ended?.reason);
  }
  for (const url of ['ext::sh -c id', '--upload-pack=id', 'file:///etc', 'https://host/p.git#-x']) {
    t.is((await createBuild({ url })).status, 400, url);
  }
});

test.serial('promise 5: a git server that is away delays a build', async (t) => {
  let left = 2;
  server.fail(() => (left-- > 0 ? { status: 503 } : undefined));
  const { code, stdout } = await build(`${server.url}/app.git`);
  t.is(code, 0, stdout);
  t.regex(stdout, /answers with status 503[\s\S]*trying again in/);
  server.fail(() => undefined);
});

test.serial('promise 7: the login in an address is seen nowhere, while the source is fetched and after', async (t) => {
  closedServer.fail(({ method }) => (method === 'POST' ? { bytesPerSecond: 400 } : undefined));
  const url = `${closedServer.url.replace('//', `//me:${PASSWORD}@`)}/app.git`;
  const { status, text } = await createBuild({ url, 'no-cache': 'true' });
  t.is(status, 200);
  const { id } = JSON.parse(text) as Build;
  await waitUntil(() => closedServer.seen.some(({ method }) => method === 'POST'), { what: 'the source is fetched' });
  const encoded = Buffer.from(`me:${PASSWORD}`).toString('base64');
  let isFetching = false;
  for (let samples = 0; samples < 20; samples++) {
    isFetching ||= listProcesses(`${closedServer.url}/app.git`).length > 0;
    for (const secret of [PASSWORD, encoded]) t.deepEqual(listProcesses(secret), []);
  }
  t.true(isFetching, 'git was seen at work');
  t.is(await filesWith(PASSWORD), '');
  closedServer.fail(() => undefined);
  const ended = await waitForBuild(id);
  t.is(ended.state, 'complete', ended.reason);
  t.is(ended['git-url'], `${closedServer.url}/app.git`);
  const log = await rack.convox(['builds', 'logs', id, '-a', 'git']);
  const told = [text, JSON.stringify(ended), log.stdout, rack.service.output()].join('\n');
  for (const secret of [PASSWORD, encoded]) {
    t.false(told.includes(secret));
    t.is(await filesWith(secret), '');
  }
});

test.serial('convox git-credentials: a token lets every build of the app in until it is removed', async (t) => {
  const host = `127.0.0.1:${closedServer.port}`;
  const file = join(folder.path, 'token');
  await writeFile(file, `${PASSWORD}\n`);
  const add = ['git-credentials', 'add', host, '--username', 'me', '--file', file];
  t.is((await rack.convox([...add, '-a', 'git'])).code, 0);
  const listed = await rack.convox(['git-credentials', '-a', 'git']);
  t.regex(listed.stdout, new RegExp(`^HOST +KIND +FINGERPRINT +USERNAME\\n${host} +token +[0-9a-f]{8} +me\\n$`));
  const { code, stdout, stderr } = await build(`${closedServer.url}/app.git`);
  t.is(code, 0, stdout + stderr);
  t.is((await rack.convox(['git-credentials', 'remove', host, '-a', 'git'])).code, 0);
  t.is((await build(`${closedServer.url}/app.git`)).code, 1);
  t.regex((await rack.convox(['git-credentials', 'remove', host, '-a', 'git'])).stderr, /git credential not found/);
  t.is(await filesWith(PASSWORD), '');
});

test.serial('convox git-hosts: ssh works with a deploy key and a pinned host, and with nothing less', async (t) => {
  const key = await createSshKey(folder.path, 'deploy-key');
  const ssh = await startSshServer(folder.path, key);
  t.teardown(() => ssh.stop());
  const url = `ssh://root@127.0.0.1:${ssh.port}${repository.path}`;
  const host = `127.0.0.1:${ssh.port}`;
  const keyFile = join(folder.path, 'deploy-key');
  t.is((await rack.convox(['git-credentials', 'add', host, '--ssh-key', '--file', keyFile, '--all-apps'])).code, 0);
  const refused = await build(url);
  t.regex(refused.stderr, new RegExp(`the host key of ${host} is not known.*"convox git-hosts add ${host}"`));
  const scanned = join(folder.path, 'scanned');
  await writeFile(scanned, (await run('ssh-keyscan', ['-p', String(ssh.port), '-t', 'ed25519', '127.0.0.1'])).stdout);
  const pinned = await rack.convox(['git-hosts', 'add', host, '--file', scanned]);
  t.is(pinned.stdout, `Pinning ${host}... OK\nssh-ed25519 ${ssh.hostKey.fingerprint}\n`);
  const { code, stdout, stderr } = await build(url);
  t.is(code, 0, stdout + stderr);
  const line = key.privateKey.split('\n')[2] ?? 'none';
  t.is(await filesWith(line), '');
  t.is((await rack.convox(['git-hosts', 'remove', host])).code, 0);
  t.is((await build(url)).code, 1);
  const both = ['git-credentials', 'add', host, '--file', keyFile, '--host-key', scanned, '--all-apps'];
  t.regex((await rack.convox(both)).stderr, /--host-key is about ssh servers: give --ssh-key too/);
  t.is((await rack.convox([...both, '--ssh-key'])).code, 0);
  t.is((await build(url)).code, 0);
});
