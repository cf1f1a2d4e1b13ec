import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Store } from '@convox-builds/store';
import { createTemporaryFolder, startRegistry, type TestRegistry, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { importBuild } from '../archives/import-build.js';
import { keepHouse } from '../retention/start-retention.js';
import { completeTestBuild, createOpenRegistryClient } from '../testing/archived-builds.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { startTestReceiver } from '../testing/start-test-receiver.js';

const run = promisify(execFile);
const MANIFEST = 'services:\n  web: {build: .}\n  worker: {build: worker}\n';
const GOING_ON = new AbortController().signal;

let api: TestApi;
let registry: TestRegistry;
const client = createOpenRegistryClient();

test.before(async () => {
  registry = await startRegistry();
  const variables = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };
  api = await startTestApi({ registryHost: registry.host, variables });
});

test.after.always(async () => {
  await api?.stop();
  await registry?.stop();
});

interface WireBuild {
  readonly id: string;
  readonly release: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly warnings: readonly string[];
}

const images = () => ({ client, host: registry.host });
const completeBuild = (app: string, log?: Buffer) =>
  completeTestBuild(api, images(), {
    app,
    manifest: MANIFEST,
    layers: { web: gzipSync(randomBytes(200_000)), worker: gzipSync(Buffer.from(app)) },
    ...(log === undefined ? {} : { log }),
  });

const download = (app: string, id: string, headers = {}) => api.fetch(`/apps/${app}/builds/${id}.tgz`, headers);
const upload = (app: string, body: Buffer) => api.call('POST', `/apps/${app}/builds/import`, { body });

async function exportBuild(app: string, id: string): Promise<Buffer> {
  return Buffer.from(await (await download(app, id)).arrayBuffer());
}

const getBuild = async (app: string, id: string) =>
  JSON.parse((await api.call('GET', `/apps/${app}/builds/${id}`)).text);

test('a build that was exported and imported is the same build', async (t) => {
  const id = await completeBuild('whole');
  const archive = await exportBuild('whole', id);
  await api.store.apps.create({ name: 'copy', generation: '2' });
  await api.store.releases.create({ app: 'copy', environment: 'KEY=value' });
  const answer = await upload('copy', archive);
  t.is(answer.status, 200, answer.text);
  const imported: WireBuild = JSON.parse(answer.text);
  t.deepEqual(imported.warnings, []);
  const [source, copy] = [await getBuild('whole', id), await getBuild('copy', imported.id)];
  for (const field of ['status', 'state', 'description', 'git-sha', 'manifest', 'entrypoint', 'images', 'reason']) {
    t.deepEqual(copy[field], source[field], field);
  }
  const log = (app: string, build: string) => api.call('GET', `/apps/${app}/builds/${build}/logs`);
  t.is((await log('copy', imported.id)).text, (await log('whole', id)).text);
  const release = await api.store.releases.find('copy', imported.release);
  t.like(release, { buildId: imported.id, environment: 'KEY=value', manifest: MANIFEST });
  t.is((await api.call('POST', `/apps/copy/releases/${imported.release}/promote`)).status, 200);
  for (const [service, { digest }] of Object.entries(imported.images)) {
    const repository = { registry: registry.host, repository: 'copy' };
    const tagged = await client.getManifest({ ...repository, tag: `${service}.${imported.id}` });
    t.is(tagged.descriptor.digest, digest);
  }
});

async function listBlobs(t: { teardown: (remove: () => Promise<void>) => void }, archive: Buffer): Promise<string[]> {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const file = join(folder.path, 'build.tgz');
  await writeFile(file, archive);
  await run('tar', ['-xzf', file, '-C', folder.path]);
  const { stdout } = await run(
    'sh',
    ['-c', 'for i in *.tar; do echo "${i%%.*}"; tar -xf "$i" --to-command=sha256sum; done'],
    {
      cwd: folder.path,
    },
  );
  return stdout.split('\n');
}

test('an import is told to webhooks as a build that was created, with its release', async (t) => {
  const receiver = await startTestReceiver();
  t.teardown(() => receiver.stop());
  const archive = await exportBuild('told', await completeBuild('told'));
  await api.store.apps.create({ name: 'told-copy', generation: '2' });
  await api.call('POST', '/webhooks', { form: { url: receiver.url, app: 'told-copy' } });
  const imported: WireBuild = JSON.parse((await upload('told-copy', archive)).text);
  await waitUntil(() => receiver.posts.length === 2, { what: 'both events arrived' });
  t.deepEqual(
    receiver.posts.map(({ json }) => [json.action, json.status, json.data?.id]),
    [
      ['build:create', 'success', imported.id],
      ['release:create', 'success', imported.release],
    ],
  );
  t.like(receiver.posts[0]?.json.data, { app: 'told-copy', release_id: imported.release, state: 'complete' });
});

test('export, import and export again: tar reads both, and all blobs are byte-equal', async (t) => {
  const id = await completeBuild('again');
  const first = await exportBuild('again', id);
  await api.store.apps.create({ name: 'again-copy', generation: '2' });
  const imported: WireBuild = JSON.parse((await upload('again-copy', first)).text);
  const second = await exportBuild('again-copy', imported.id);
  t.deepEqual(await listBlobs(t, second), await listBlobs(t, first));
});

test('an archive says its size before, and goes on where it broke off', async (t) => {
  const id = await completeBuild('resumed');
  const whole = await download('resumed', id);
  const bytes = Buffer.from(await whole.arrayBuffer());
  t.is(whole.headers.get('content-length'), String(bytes.length));
  const etag = whole.headers.get('etag') ?? '';
  const rest = await download('resumed', id, { range: 'bytes=100000-', 'if-range': etag });
  t.is(rest.status, 206);
  t.is(rest.headers.get('content-range'), `bytes 100000-${bytes.length - 1}/${bytes.length}`);
  t.true(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(100_000)));
  // The log moves from the table to an object; the bytes stay.
  await api.store.logs.compact(id);
  t.is((await download('resumed', id, { range: 'bytes=5-', 'if-range': etag })).status, 206);
  t.is((await download('resumed', id, { range: 'bytes=5-', 'if-range': '"other"' })).status, 200);
  t.is((await download('resumed', id, { range: `bytes=${bytes.length}-` })).status, 416);
});

test('an export of what is not there says so before its first byte', async (t) => {
  const id = await completeBuild('partial');
  t.is((await api.call('GET', '/apps/partial/builds/BAAAAAAAAAA.tgz')).text, 'build not found: BAAAAAAAAAA\n');
  t.is((await api.call('GET', '/apps/nowhere/builds/BAAAAAAAAAA.tgz')).text, 'app not found: nowhere\n');
  const external = await api.call('POST', '/apps/partial/builds', { form: { external: 'true' } });
  const empty = await api.call('GET', `/apps/partial/builds/${JSON.parse(external.text).id}.tgz`);
  t.deepEqual([empty.status, empty.text], [400, 'no services found to export\n']);
  const { images: recorded }: WireBuild = await getBuild('partial', id);
  await client.deleteManifest({ registry: registry.host, repository: 'partial' }, recorded['web']?.digest ?? '');
  const gone = await api.call('GET', `/apps/partial/builds/${id}.tgz`);
  t.is(gone.status, 500);
  t.regex(gone.text, /^the rack's registry failed: .*manifest unknown/);
});

test('a log of an import is made safe for every client', async (t) => {
  const unsafe = Buffer.from('\u001b[31mred\u001b[0m <ok>fine</ok> ünïcode\nno end');
  const id = await completeBuild('unsafe', unsafe);
  await api.store.apps.create({ name: 'safe', generation: '2' });
  const imported: WireBuild = JSON.parse((await upload('safe', await exportBuild('unsafe', id))).text);
  const { text } = await api.call('GET', `/apps/safe/builds/${imported.id}/logs`);
  t.is(text, 'red < ok>fine< /ok> ünïcode\nno end');
});

test('an import is refused before its body is read: no such app, no right to write', async (t) => {
  const body = Buffer.from('x');
  t.is((await upload('nowhere', body)).text, 'app not found: nowhere\n');
  const authorization = 'Basic bm9ib2R5Ong=';
  t.is((await api.call('POST', '/apps/whole/builds/import', { body, authorization })).status, 401);
});

test('a client that goes on sending sees why its archive was refused', async (t) => {
  await api.store.apps.create({ name: 'refused', generation: '2' });
  const body = Buffer.concat([gzipSync('no tar'), randomBytes(8_000_000)]);
  const { status, text } = await upload('refused', body);
  t.is(status, 400);
  t.regex(text, /^cannot read archive: it is not gzip, damaged, or cut off\n$/);
});

test('an archive cut off anywhere leaves nothing behind', async (t) => {
  const id = await completeBuild('cut');
  const archive = await exportBuild('cut', id);
  await api.store.apps.create({ name: 'cut-copy', generation: '2' });
  for (const part of [0, 0.01, 0.3, 0.6, 0.9, 0.999]) {
    const { status, text } = await upload('cut-copy', archive.subarray(0, Math.floor(archive.length * part)));
    t.is(status, 400, text);
    t.regex(text, /^[^\n]+\n$/);
  }
  t.deepEqual(await api.store.builds.list('cut-copy', { limit: 10 }), []);
  t.is(await api.store.releases.latest('cut-copy'), undefined);
  t.true(gunzipSync(archive).length > 200_000);
});

/** The parts of the api, with something in the way of what it does with builds. */
const withBuilds = (builds: Partial<Store['builds']>) => ({
  ...api.parts,
  store: { ...api.store, builds: { ...api.store.builds, ...builds } },
});

/** Begins an import that stops before it is recorded, until it is told to go on, or what happens to it. */
function importHeld(app: string, archive: Buffer) {
  const gate = new EventEmitter<{ held: []; released: [Error | undefined] }>();
  const isHeld = once(gate, 'held');
  const parts = withBuilds({
    import: async (build) => {
      const released = once(gate, 'released');
      gate.emit('held');
      const [fault] = await released;
      if (fault !== undefined) throw fault;
      return api.store.builds.import(build);
    },
  });
  const imported = importBuild(parts, app, Readable.from([archive]));
  return { isHeld, imported, release: (fault?: Error) => void gate.emit('released', fault) };
}

const isPublished = async (app: string, service: string, id: string) => {
  const { images: recorded }: WireBuild = await getBuild(app.replace('-copy', ''), id);
  return client.hasManifest({ registry: registry.host, repository: app }, recorded[service]?.digest ?? '');
};

test.serial('promise 3: an import that fails takes its images away, but from no other import', async (t) => {
  const id = await completeBuild('contested');
  const archive = await exportBuild('contested', id);
  await api.store.apps.create({ name: 'contested-copy', generation: '2' });
  const first = importHeld('contested-copy', archive);
  await first.isHeld;
  first.release(new Error('no luck'));
  await t.throwsAsync(first.imported, { message: 'no luck' });
  await keepHouse(api.parts, GOING_ON);
  t.false(await isPublished('contested-copy', 'web', id));

  const failing = importHeld('contested-copy', archive);
  await failing.isHeld;
  const other = importHeld('contested-copy', archive);
  await other.isHeld;
  failing.release(new Error('no luck'));
  await t.throwsAsync(failing.imported, { message: 'no luck' });
  other.release();
  t.is((await other.imported).build.state, 'complete');
  await keepHouse(api.parts, GOING_ON);
  t.is(await api.store.removals.count(), 0);
  for (const service of ['web', 'worker']) t.true(await isPublished('contested-copy', service, id), service);
});

test.serial('promise 3: an image that is removed while an import has it is written again', async (t) => {
  const id = await completeBuild('raced');
  const archive = await exportBuild('raced', id);
  await api.store.apps.create({ name: 'raced-copy', generation: '2' });
  const [failing, other] = [importHeld('raced-copy', archive), importHeld('raced-copy', archive)];
  await Promise.all([failing.isHeld, other.isHeld]);
  failing.release(new Error('no luck'));
  await t.throwsAsync(failing.imported, { message: 'no luck' });
  await keepHouse(api.parts, GOING_ON);
  other.release();
  await other.imported;
  for (const service of ['web', 'worker']) t.true(await isPublished('raced-copy', service, id), service);
});

test.serial('an image that was there before an import failed stays', async (t) => {
  const archive = await exportBuild('pushed', await completeBuild('pushed'));
  const kept = importHeld('pushed', archive);
  await kept.isHeld;
  kept.release(new Error('no luck'));
  await t.throwsAsync(kept.imported, { message: 'no luck' });
  t.is(await api.store.removals.count(), 0);
});

test('promise 10: a damaged archive is told as such, also where what it left cannot be removed', async (t) => {
  await api.store.apps.create({ name: 'away', generation: '2' });
  const parts = withBuilds({ find: () => Promise.reject(new Error('Connection terminated')) });
  const imported = importBuild(parts, 'away', Readable.from([Buffer.from('no gzip')]));
  await t.throwsAsync(imported, { name: 'HttpError', message: /^cannot read archive/ });
});
