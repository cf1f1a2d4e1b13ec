import { waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;

test.before(async () => {
  rack = await startTestRack();
});

test.after.always(() => rack?.stop());

interface WireRelease {
  readonly id: string;
  readonly build: string;
  readonly description: string;
}

const MANIFEST = 'services:\n  web:\n    build: . # as it was written\n';

const listReleases = (app: string) => rack.json<WireRelease[]>('releases', '--app', app);
async function activeRelease(app: string): Promise<string> {
  return (await rack.json<{ release: string }>('apps', 'info', app)).release;
}

test('convox rack doctor: nothing has failed on a rack that is well, and its worker has looked at itself', async (t) => {
  const findings = () => rack.json<{ on: string; check: string; status: string }[]>('rack', 'doctor');
  const hasLooked = async () => (await findings()).some(({ check }) => check === 'buildkit');
  await waitUntil(hasLooked, { what: 'the worker has looked at itself' });
  const found = await findings();
  t.deepEqual(
    found.filter(({ status }) => status === 'failed'),
    [],
  );
  const checksOn = (isWorker: boolean) =>
    found.filter(({ on }) => (on !== 'rack') === isWorker).map(({ check }) => check);
  t.deepEqual(checksOn(false), ['database', 'redis', 'clocks', 'registry', 'objects', 'workers']);
  t.deepEqual(checksOn(true), ['buildkit', 'disk', 'database', 'redis', 'clocks', 'registry', 'objects', 'room']);
  t.log((await rack.convox(['rack', 'doctor'])).stdout);
});

test('convox build --detach, builds wait and builds attach: the build goes on by itself', async (t) => {
  await rack.convox(['apps', 'create', 'detached']);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN sleep 2 && echo slept\n' });
  const detached = await rack.convox(['build', '--detach', '--id', '--app', 'detached'], source);
  t.is(detached.code, 0, detached.stderr);
  const id = detached.stdout;
  t.regex(id, /^B[A-Z]{10}$/);
  const waited = await rack.convox(['builds', 'wait', id, '--app', 'detached']);
  t.regex(waited.stdout, new RegExp(`^Waiting for build ${id}... OK, R[A-Z]{10}\n$`));
  const attached = await rack.convox(['builds', 'attach', id, '--app', 'detached']);
  t.is(attached.code, 0, attached.stderr);
  t.regex(attached.stdout, new RegExp(`slept\n[^]*Build: +${id}\nRelease: R[A-Z]{10}\n$`));
});

test('convox builds wait and attach: a failed build is exit code 1, with the reason', async (t) => {
  await rack.convox(['apps', 'create', 'failing']);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN exit 3\n' });
  const { stdout: id } = await rack.convox(['build', '--detach', '--id', '--app', 'failing'], source);
  for (const command of ['wait', 'attach']) {
    const { code, stderr } = await rack.convox(['builds', command, id, '--app', 'failing']);
    t.is(code, 1);
    t.regex(stderr, /ERROR: build failed: [^\n]+\n$/);
  }
});

test('convox releases: manifest, rollback and create-from', async (t) => {
  const app = '--app=history';
  await rack.convox(['apps', 'create', 'history']);
  const source = await createSource(t, { 'convox.yml': MANIFEST, Dockerfile: 'FROM busybox\n' });
  await rack.convox(['env', 'set', 'COLOUR=blue', app]);
  t.is((await rack.convox(['deploy', app], source)).code, 0);
  const first = await activeRelease('history');
  t.is((await rack.convox(['releases', 'manifest', first, app])).stdout, MANIFEST);
  await rack.convox(['env', 'set', 'COLOUR=red', '--promote', app]);
  t.is((await rack.convox(['env', 'get', 'COLOUR', app])).stdout, 'red\n');

  const back = await rack.convox(['releases', 'rollback', first, app]);
  const second = await activeRelease('history');
  t.is(back.stdout, `Rolling back to ${first}... OK, ${second}\nPromoting ${second}...\nOK\n`);
  t.not(second, first);
  t.is((await rack.convox(['env', 'get', 'COLOUR', app])).stdout, 'blue\n');

  await rack.convox(['env', 'set', 'COLOUR=green', app]);
  const [green] = await listReleases('history');
  const args = ['releases', 'create-from', '--use-active-release-build', '--env-from', green?.id ?? '', '--promote'];
  const made = await rack.convox([...args, app]);
  t.is(made.code, 0, made.stderr);
  const [latest] = await listReleases('history');
  t.is(latest?.description, `build from ${second}, env from ${green?.id}`);
  t.is(latest?.id, await activeRelease('history'));
  t.is((await rack.convox(['env', 'get', 'COLOUR', app])).stdout, 'green\n');
});

test('convox apps: params, lock and unlock', async (t) => {
  await rack.convox(['apps', 'create', 'settings']);
  t.is((await rack.convox(['apps', 'params', 'set', 'BuildConcurrency=2', '--app', 'settings'])).code, 0);
  t.is((await rack.convox(['apps', 'params', 'settings'])).stdout, 'BuildConcurrency  2\n');
  await rack.convox(['apps', 'lock', 'settings']);
  const refused = await rack.convox(['apps', 'delete', 'settings']);
  t.deepEqual([refused.code, refused.stderr], [1, 'ERROR: app is locked: settings\n']);
  await rack.convox(['apps', 'unlock', 'settings']);
  t.is((await rack.convox(['apps', 'delete', 'settings'])).code, 0);
});

test('convox login, racks and switch: the rack by its name, and by no other way', async (t) => {
  const folder = await createSource(t, {});
  const environment = { RACK_URL: '', CONVOX_CONFIG: folder };
  const convox = (...args: string[]) => rack.convox(args, folder, environment);
  const { code, stdout, stderr } = await convox('login', rack.url, '--name', 'mine');
  t.is(code, 0, stderr);
  t.regex(stdout, /^Logging in to http:\S+ OK, mine\n$/);
  t.regex((await convox('racks')).stdout, /\nmine +current +http:\/\/127\.0\.0\.1:\d+\n$/);
  t.regex((await convox('rack')).stdout, /\nProvider +builds\n/);
  const wrong = await convox('login', rack.url.replace(/:[^:@]+@/, ':wrong@'), '--name', 'other');
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /ERROR: invalid authentication/);
});
