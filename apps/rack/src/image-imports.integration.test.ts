import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createRegistryClient, type Descriptor } from '@convox-builds/registry';
import { pushTestImage } from '@convox-builds/registry/testing';
import { startRegistry, type TestRegistry, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { killPart } from './testing/kill-part.js';
import { startSlowRegistry } from './testing/start-slow-registry.js';
import { type RunningCommand, startTestRack, type TestRack } from './testing/start-test-rack.js';

/** `htpasswd -nbB me secret` */
const HTPASSWD = 'me:$2b$05$WVzLXkgLyNu/8rkYWpZtnOm/0nZS0deDkA31dPauQm5nWfjHLXdYu\n';
const PASSWORD = 'secret';
const MANIFEST = 'services:\n  web:\n    image: placeholder\n    port: 5000\n  worker:\n    build: .\n';

interface WireBuild {
  readonly id: string;
  readonly state: string;
  readonly failure: string;
  readonly reason: string;
  readonly release: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly attempts: readonly { readonly outcome: string }[];
}

let rack: TestRack;
let team: TestRegistry;
let pushed: Descriptor;

test.before(async () => {
  [rack, team] = await Promise.all([startTestRack(), startRegistry({ auth: { kind: 'basic', htpasswd: HTPASSWD } })]);
  const credentials = async () => ({ username: 'me', password: PASSWORD });
  const client = createRegistryClient({ access: { credentials, isPlainHttp: () => true, mirrors: () => [] } });
  const repository = { registry: team.host, repository: 'team/app' };
  pushed = await pushTestImage(client, repository, 'a layer\n'.repeat(100_000));
  await client.tag({ ...repository, digest: pushed.digest }, 'v1');
});
test.after.always(() => Promise.all([rack?.stop(), team?.stop()]));

const LOGIN = ['--src-creds-user', 'me', '--src-creds-pass-env', 'TEAM_PASSWORD'];

async function startImport(
  t: ExecutionContext,
  { app, image, password = PASSWORD }: { app: string; image: string; password?: string },
): Promise<RunningCommand> {
  await rack.convox(['apps', 'create', app]);
  const folder = await createSource(t, { 'convox.yml': MANIFEST });
  const words = ['builds', 'import-image', image, '--app', app, ...LOGIN];
  return rack.start(words, folder, { TEAM_PASSWORD: password });
}

async function getOnlyBuild(app: string): Promise<WireBuild> {
  const [build] = await rack.json<WireBuild[]>('builds', '--app', app);
  return rack.json<WireBuild>('builds', 'info', build?.id ?? '', '--app', app);
}

async function assertImported(t: ExecutionContext, app: string): Promise<WireBuild> {
  const build = await getOnlyBuild(app);
  t.is(build.state, 'complete', build.reason);
  t.is(build.images.web?.digest, pushed.digest, 'it is the very same image');
  t.is(build.images.worker?.digest, pushed.digest);
  const releases = await rack.json<{ id: string }[]>('releases', '--app', app);
  t.deepEqual(
    releases.map(({ id }) => id),
    [build.release],
  );
  return build;
}

test('convox builds import-image: all services get the image, under its digest, with one release', async (t) => {
  const image = `${team.host}/team/app:v1`;
  const { code, stdout, stderr } = await (await startImport(t, { app: 'imported', image })).ended;
  t.is(code, 0, stdout + stderr);
  const { id, release } = await assertImported(t, 'imported');
  t.is(
    stdout,
    [
      `Creating build... OK, ${id}`,
      `Relaying image ${image}... OK`,
      'Waiting for import to complete... OK',
      `Creating release... OK, ${release}`,
      `Build:   ${id}`,
      `Release: ${release}\n`,
    ].join('\n'),
  );
  const log = (await rack.convox(['builds', 'logs', id, '--app', 'imported'])).stdout;
  t.regex(log, new RegExp(`copying ${image}\n[^]*copied ${pushed.digest}\n`));
  t.false((log + stdout + stderr + rack.service.output()).includes(PASSWORD));
  t.is((await rack.convox(['releases', 'promote', release, '--app', 'imported'])).code, 0);
});

test('convox builds import-image: an unknown image, and a password that is refused, end the build with the reason', async (t) => {
  const unknown = await startImport(t, { app: 'unknown', image: `${team.host}/team/app:v2` });
  const ended = await unknown.ended;
  t.is(ended.code, 1);
  t.regex(ended.stderr, /ERROR: build failed: web,worker: image ".*\/team\/app:v2" cannot be copied: [^\n]+\n$/);
  t.like(await getOnlyBuild('unknown'), { state: 'failed', failure: 'user', release: '' });

  const refused = await startImport(t, { app: 'refused', image: `${team.host}/team/app:v1`, password: 'wrong' });
  const { code, stderr } = await refused.ended;
  t.is(code, 1);
  t.regex(stderr, /ERROR: build failed: web,worker: image ".*" cannot be copied: .*status 401/);
  t.like(await getOnlyBuild('refused'), { state: 'failed', failure: 'credentials', release: '' });
  t.deepEqual(await rack.json('releases', '--app', 'refused'), []);
});

test('promise 7: a registry that says a password back does not bring it into the log', async (t) => {
  const registry = createServer(({ headers }, answer) => {
    const [, sent = ''] = headers.authorization?.split(' ') ?? [];
    const message = `no entry for ${Buffer.from(sent, 'base64')} (${sent})`;
    answer.writeHead(sent === '' ? 401 : 403, { 'www-authenticate': 'Basic realm="team"' });
    answer.end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
  });
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => registry.close());
  const { port } = registry.address() as AddressInfo;
  const password = 'canary-of-the-import';
  const image = `127.0.0.1:${port}/team/app:v1`;
  const { code, stderr } = await (await startImport(t, { app: 'echoed', image, password })).ended;
  t.is(code, 1);
  t.regex(stderr, /status 403: no entry for me:\S+/);
  const build = await getOnlyBuild('echoed');
  const log = (await rack.convox(['builds', 'logs', build.id, '--app', 'echoed'])).stdout;
  for (const text of [stderr, JSON.stringify(build), log, rack.service.output()]) t.false(text.includes(password));
});

test('convox builds import-image: the image of another app of the rack is refused', async (t) => {
  const image = `${rack.registryHost}/somebody:web.BAAAAAAAAAA`;
  const { code, stderr } = await (await startImport(t, { app: 'thief', image })).ended;
  t.is(code, 1);
  t.regex(stderr, /belongs to another app of the rack/);
});

test.serial(
  'convox builds import-image: one that is cancelled in mid-copy ends at once, without a release',
  async (t) => {
    const slow = await startSlowRegistry(team.host);
    t.teardown(slow.stop);
    const command = await startImport(t, { app: 'stopped', image: `${slow.host}/team/app:v1` });
    await waitUntil(() => slow.countBlobs() > 0, { what: 'a blob is asked for' });
    const { id } = await getOnlyBuild('stopped');
    t.is((await rack.convox(['builds', 'cancel', id, '--app', 'stopped'])).code, 0);
    const { code, stderr } = await command.ended;
    t.is(code, 1);
    t.regex(stderr, /ERROR: build failed: cancelled by /);
    t.like(await getOnlyBuild('stopped'), { state: 'cancelled', release: '' });
  },
);

test.serial(
  'convox builds import-image: a worker that is killed in mid-copy: another attempt imports it, once',
  async (t) => {
    const slow = await startSlowRegistry(team.host);
    t.teardown(slow.stop);
    const command = await startImport(t, { app: 'killed', image: `${slow.host}/team/app:v1` });
    await waitUntil(() => slow.countBlobs() > 0, { what: 'a blob is asked for' });
    slow.open();
    killPart(rack.folder, 'worker');
    const { code, stdout, stderr } = await command.ended;
    t.is(code, 0, stdout + stderr);
    const { attempts } = await assertImported(t, 'killed');
    t.deepEqual(
      attempts.map(({ outcome }) => outcome),
      ['queued', 'complete'],
    );
  },
);
