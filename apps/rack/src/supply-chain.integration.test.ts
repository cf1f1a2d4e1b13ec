import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { copyImage, type Descriptor, parseManifest, type RegistryClient } from '@convox-builds/registry';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { createSource } from './testing/create-source.js';
import { createRackRegistryClient, readImageConfig } from './testing/read-image-config.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;
let registry: RegistryClient;
/** Where the rack finds what lists the contents of images. */
let scans: TestRegistry;

test.before(async () => {
  scans = await startRegistry();
  rack = await startTestRack({ environment: { SBOM_GENERATOR: `${scans.host}/scanner:v1` } });
  registry = createRackRegistryClient(rack);
});
test.after.always(() => Promise.all([rack?.stop(), scans?.stop()]));

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
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

const readManifest = async (app: string, digest: string) =>
  parseManifest((await registry.getManifest({ ...repositoryOf(app), digest })).bytes);

async function readJson<T>(app: string, blob: Descriptor): Promise<T> {
  return JSON.parse(await text(await registry.getBlob(repositoryOf(app), blob)));
}

interface Statement {
  readonly predicateType: string;
  readonly subject: readonly { digest: { sha256: string } }[];
  readonly predicate: object;
}

/** The image of an index of one platform, and what is attached to it. */
async function readAttested(app: string, digest: string) {
  const index = await readManifest(app, digest);
  if (index.kind !== 'index') throw new TypeError(`${digest} is no index`);
  const [image, attachment] = index.manifests.map((descriptor) => descriptor.digest);
  const attestation = await readManifest(app, attachment ?? '');
  if (attestation.kind !== 'manifest') throw new TypeError('expected a manifest');
  const statements: Statement[] = [];
  for (const layer of attestation.layers) statements.push(await readJson<Statement>(app, layer));
  return { image: image ?? '', statements };
}

/** A step that leaves files with other times whenever it is run. */
const DOCKERFILE = 'FROM busybox\nCOPY file /file\nRUN cp /file /copy; mkdir /folder; touch /folder/now\n';

test('images say when and by which build they were made, and are plain manifests', async (t) => {
  await createApp('labelled');
  const source = await createSource(t, { Dockerfile: DOCKERFILE, file: 'content' });
  const first = await build(t, 'labelled', source);
  const { Labels } = (await readImageConfig(rack, 'labelled', first.digest)).config;
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
  const { created, config } = await readImageConfig(rack, 'equal', first.digest);
  t.is(created, '1980-01-01T00:00:00Z');
  t.is(config.Labels['org.opencontainers.image.created'], created);
  t.is(config.Labels['com.convox.build'], undefined);
  const later = await build(t, 'equal', await createSource(t, files), '--build-args', 'SOURCE_DATE_EPOCH=1700000000');
  t.is((await readImageConfig(rack, 'equal', later.digest)).created, '2023-11-14T22:13:20Z');
});

const CANARY = 'canary-5c1b9e0d';

const SECRETS = `FROM busybox
ARG TOKEN
ARG STAGE
RUN --mount=type=secret,id=KEY test -n "$TOKEN" && test -s /run/secrets/KEY
`;

test('Provenance=min tells base images and source, and no argument and no secret; max tells arguments', async (t) => {
  await createApp('proven', 'Provenance=min');
  await rack.convox(['env', 'set', `KEY=${CANARY}`, '--app', 'proven']);
  const source = await createSource(t, {
    'convox.yml': 'services:\n  web: {build: {secrets: [KEY]}}\n',
    Dockerfile: SECRETS,
  });
  const made = await build(t, 'proven', source, '--build-args', `TOKEN=${CANARY}`);
  const { image, statements } = await readAttested('proven', made.digest);
  t.deepEqual(
    statements.map(({ predicateType }) => predicateType),
    ['https://slsa.dev/provenance/v1'],
  );
  t.is(`sha256:${statements[0]?.subject[0]?.digest.sha256}`, image);
  const { bases } = await rack.json<{ bases: { digest: string }[] }>('builds', 'info', made.id, '--app', 'proven');
  const min = JSON.stringify(statements);
  t.true(min.includes((bases[0]?.digest ?? '').replace('sha256:', '')), min);
  t.false(min.includes(CANARY), min);

  await rack.convox(['apps', 'params', 'set', 'Provenance=max', '--app', 'proven']);
  const max = await build(t, 'proven', source, '--build-args', 'TOKEN=x', '--build-args', 'STAGE=public');
  t.true(JSON.stringify((await readAttested('proven', max.digest)).statements).includes('"build-arg:STAGE":"public"'));
});

/** A scanner is told what to look at and where to write (moby/buildkit `docs/attestations/sbom-protocol.md`). */
const SCANNER = {
  Dockerfile: 'FROM busybox\nCOPY scan /scan\nRUN chmod +x /scan\nENTRYPOINT ["/scan"]\n',
  scan: `#!/bin/sh
names=$(ls "$BUILDKIT_SCAN_SOURCE" | tr "\\n" " ")
echo '{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{"name":"'"$names"'"}}' \\
  > "$BUILDKIT_SCAN_DESTINATION/scan.spdx.json"
`,
};

test('Sbom=true lists what is in an image with the generator of the rack, at a digest that is recorded', async (t) => {
  await createApp('scanner');
  const scanner = await build(t, 'scanner', await createSource(t, SCANNER));
  const target = { registry: scans.host, repository: 'scanner' };
  await copyImage(registry, { source: { ...repositoryOf('scanner'), digest: scanner.digest }, target });
  await registry.tag({ ...target, digest: scanner.digest }, 'v1');
  await createApp('listed', 'Sbom=true');
  const made = await build(t, 'listed', await createSource(t, { Dockerfile: DOCKERFILE, file: 'content' }));
  const { statements } = await readAttested('listed', made.digest);
  t.deepEqual(
    statements.map(({ predicateType }) => predicateType),
    ['https://spdx.dev/Document'],
  );
  t.regex(JSON.stringify(statements[0]?.predicate), /\bcopy\b.*\bfolder\b/);
  const info = await rack.json<{ bases: object[] }>('builds', 'info', made.id, '--app', 'listed');
  t.true(
    info.bases.some((base) => JSON.stringify(base).includes(scanner.digest)),
    JSON.stringify(info.bases),
  );
});

test('an image with attestations moves to another app with its build, and its digest stays', async (t) => {
  await createApp('sender', 'Provenance=min');
  await createApp('receiver');
  const made = await build(t, 'sender', await createSource(t, { Dockerfile: DOCKERFILE, file: 'content' }));
  const file = join(await createSource(t, {}), 'build.tgz');
  t.is((await rack.convox(['builds', 'export', made.id, '--file', file, '--app', 'sender'])).code, 0);
  const imported = await rack.convox(['builds', 'import', '--file', file, '--app', 'receiver']);
  t.is(imported.code, 0, imported.stderr);
  const [received] = await rack.json<WireBuild[]>('builds', '--app', 'receiver');
  t.is(received?.images['web']?.digest, made.digest);
  t.is((await readAttested('receiver', made.digest)).statements.length, 1);
});
