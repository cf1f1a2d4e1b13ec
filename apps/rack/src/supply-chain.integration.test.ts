import { createRegistryClient, parseManifest, type RegistryClient } from '@convox-builds/registry';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;
let registry: RegistryClient;

test.before(async () => {
  rack = await startTestRack();
  const { username, password } = new URL(rack.url);
  const credentials = async () => ({ username, password });
  registry = createRegistryClient({ access: { isPlainHttp: () => true, mirrors: () => [], credentials } });
});
test.after.always(() => rack?.stop());

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

interface ImageConfig {
  readonly created: string;
  readonly config: { readonly Labels: Readonly<Record<string, string>> };
}

async function createApp(app: string, ...parameters: string[]): Promise<void> {
  await rack.convox(['apps', 'create', app]);
  if (parameters.length > 0) await rack.convox(['apps', 'params', 'set', ...parameters, '--app', app]);
}

/** Builds, and gives the build and the digest of its image. */
async function build(t: ExecutionContext, app: string, source: string, ...options: string[]) {
  const { code, stdout, stderr } = await rack.convox(['build', '--app', app, ...options], source);
  t.is(code, 0, stdout + stderr);
  const [{ id, images } = { id: '', images: {} }] = await rack.json<WireBuild[]>('builds', '--app', app);
  return { id, digest: images['web']?.digest ?? '' };
}

const repositoryOf = (app: string) => ({ registry: rack.registryHost, repository: app });

async function readConfig(app: string, digest: string): Promise<ImageConfig> {
  const manifest = parseManifest((await registry.getManifest({ ...repositoryOf(app), digest })).bytes);
  if (manifest.kind !== 'manifest') throw new TypeError(`${digest} is an index`);
  const pieces: Buffer[] = [];
  for await (const piece of await registry.getBlob(repositoryOf(app), manifest.config)) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString());
}

/** A step that leaves files with other times whenever it is run. */
const DOCKERFILE = 'FROM busybox\nCOPY file /file\nRUN cp /file /copy; mkdir /folder; touch /folder/now\n';

test('images say when and by which build they were made, and are plain manifests', async (t) => {
  await createApp('labelled');
  const source = await createSource(t, { Dockerfile: DOCKERFILE, file: 'content' });
  const first = await build(t, 'labelled', source);
  const { Labels } = (await readConfig('labelled', first.digest)).config;
  t.is(Labels['com.convox.build'], first.id);
  const created = Labels['org.opencontainers.image.created'] ?? '';
  t.true(Math.abs(Date.now() - Date.parse(created)) < 600_000, created);
  const again = await rack.convox(['build', '--app', 'labelled'], source);
  t.regex(again.stdout, /^web 2 steps: 2 local, 0 registry, 0 built$/m, 'labels are no part of a cache key');
});

test('Reproducible=true: equal sources make equal images, whenever they are built', async (t) => {
  await createApp('equal', 'Reproducible=true');
  const files = { Dockerfile: DOCKERFILE, file: 'content' };
  const first = await build(t, 'equal', await createSource(t, files));
  const second = await build(t, 'equal', await createSource(t, files), '--no-cache');
  t.is(second.digest, first.digest);
  const { created, config } = await readConfig('equal', first.digest);
  t.is(created, '1980-01-01T00:00:00Z');
  t.is(config.Labels['org.opencontainers.image.created'], created);
  t.is(config.Labels['com.convox.build'], undefined);
  const later = await build(t, 'equal', await createSource(t, files), '--build-args', 'SOURCE_DATE_EPOCH=1700000000');
  t.is((await readConfig('equal', later.digest)).created, '2023-11-14T22:13:20Z');
});
