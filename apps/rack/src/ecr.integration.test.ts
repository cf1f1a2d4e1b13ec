import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createRegistryClient } from '@convox-builds/registry';
import { createTemporaryFolder, startEcr, type TestEcr, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { seedBaseImages } from './seed-base-images.js';
import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const BASE_IMAGES = fileURLToPath(new URL('../../../.tools/base-images', import.meta.url));
// ECR_PASSWORD_SECONDS: how long a password lasts; 60 makes the build last three minutes.
const passwordSeconds = Number(process.env['ECR_PASSWORD_SECONDS'] ?? 4);

/** The second step takes three times as long as a password lasts. */
const SLOW = `FROM busybox
COPY packages /packages
RUN sleep ${3 * passwordSeconds}; cp /packages /installed
COPY main /main
`;

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly caches: readonly { export: string; reason: string }[];
}

/** A rack whose registry is of ECR, base images and all; its worker can be replaced by one that has never built anything. */
async function startEcrRack(t: ExecutionContext) {
  const ecr = await startEcr({ passwordLivesMs: passwordSeconds * 1000 });
  t.teardown(ecr.stop);
  const access = { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined };
  const place = { registry: ecr.openHost, repository: 'docker-hub' };
  await seedBaseImages(BASE_IMAGES, { place, client: createRegistryClient({ access }) });
  const data = await createTemporaryFolder();
  const mirror = { REGISTRY_PREFIX: 'convox', DOCKER_HUB_MIRROR: `${ecr.host}/docker-hub` };
  const options = { folder: data.path, environment: { ...ecr.environment, ...mirror } };
  let rack = await startTestRack(options);
  t.teardown(async () => {
    await rack.stop();
    await data.remove();
  });
  await rack.convox(['apps', 'create', 'shop']);
  return {
    ecr,
    rack: () => rack,
    replaceWorker: async () => {
      await rack.service.stop('SIGINT');
      await rm(join(data.path, 'worker'), { recursive: true });
      rack = await startTestRack(options);
    },
  };
}

const newestBuild = async (rack: TestRack): Promise<WireBuild> => {
  const [{ id } = { id: '' }] = await rack.json<WireBuild[]>('builds', '--app', 'shop');
  return rack.json<WireBuild>('builds', 'info', id, '--app', 'shop');
};

async function build(t: ExecutionContext, rack: TestRack, dockerfile = SLOW): Promise<string> {
  const files = { Dockerfile: dockerfile, packages: 'left-pad\n', main: 'one\n' };
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'shop'], await createSource(t, files));
  t.is(code, 0, stdout + stderr);
  return stdout;
}

async function waitForExport(rack: TestRack): Promise<void> {
  const isDone = async () => (await newestBuild(rack)).caches[0]?.export === 'done';
  await waitUntil(isDone, { what: 'the layers are in the registry', timeoutMs: 60_000 });
}

const tagsOf = async ({ openHost }: TestEcr) =>
  ((await (await fetch(`http://${openHost}/v2/convox/shop/tags/list`)).json()) as { tags: string[] }).tags.sort();

test.serial(
  'ECR: a build outlives its password, and a worker that is new builds from the layers of another',
  async (t) => {
    const { ecr, rack, replaceWorker } = await startEcrRack(t);
    await rack().convox(['apps', 'params', 'set', 'Cache=always', '--app', 'shop']);
    t.is(await ecr.findRepository('convox/shop'), undefined);
    const { stdout: findings } = await rack().convox(['rack', 'doctor']);
    t.regex(findings, new RegExp(`${ecr.host} lets the rack in`), findings);
    const first = await build(t, rack());
    t.regex(first, /^web 3 steps: 0 local, 0 registry, 3 built$/m);
    t.like(await ecr.findRepository('convox/shop'), { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' });
    await waitForExport(rack());

    await replaceWorker();
    const cold = await build(t, rack());
    t.regex(cold, /^web 3 steps: 0 local, 3 registry, 0 built, import \d+\.\ds$/m);
    t.is(cold.match(/ CACHED$/gm)?.length, 3, cold);
    const { id, images } = await newestBuild(rack());
    t.true((await tagsOf(ecr)).includes(`web.${id}`));

    const { origin, username, password } = new URL(rack().url);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const manifest = `${origin}/v2/shop/manifests/${images['web']?.digest}`;
    const headers = { authorization, accept: 'application/vnd.oci.image.manifest.v1+json' };
    t.is((await fetch(manifest, { headers })).status, 200, 'the api lends its own password');

    await rack().convox(['apps', 'delete', 'shop']);
    const isGone = async () => (await ecr.findRepository('convox/shop')) === undefined;
    await waitUntil(isGone, { what: 'the repository is removed', timeoutMs: 60_000 });
  },
);

test.serial('ECR: a password that runs out in mid-push is replaced', async (t) => {
  const { ecr, rack } = await startEcrRack(t);
  let isFirst = true;
  ecr.watch(({ method }) => {
    if (method === 'PUT' && isFirst) {
      isFirst = false;
      ecr.expirePasswords();
    }
  });
  const log = await build(t, rack(), 'FROM busybox\nCOPY main /main\n');
  t.regex(log, /^web the registry did not take the image \(.*token has expired.*\): trying again in 2 s$/m);
  t.true(ecr.countExpired() > 0);
});

test.serial(
  'ECR: what AWS limits is waited out, and what it forbids ends the build with the name of the permission',
  async (t) => {
    const { ecr, rack } = await startEcrRack(t);
    const dockerfile = 'FROM busybox\nCOPY main /main\n';
    ecr.fail(() => (ecr.asked.length % 3 === 0 ? undefined : 'ThrottlingException'));
    await build(t, rack(), dockerfile);
    ecr.fail((action) => (action === 'DescribeRepositories' ? 'AccessDeniedException' : undefined));
    const source = await createSource(t, { Dockerfile: dockerfile, main: '' });
    const { code, stdout } = await rack().convox(['build', '--app', 'shop'], source);
    t.is(code, 1);
    t.regex(
      stdout,
      /ERROR: Cannot prepare repository "convox\/shop" of ECR: .* lacks the permission ecr:DescribeRepositories/,
    );
  },
);

test.serial('promise 6: at ECR, where one password opens all, a build reads no image of another app', async (t) => {
  const { ecr, rack } = await startEcrRack(t);
  await build(t, rack(), 'FROM busybox\nCOPY main /main\n');
  const [{ id } = { id: '' }] = await rack().json<WireBuild[]>('builds', '--app', 'shop');
  await rack().convox(['apps', 'create', 'thief']);
  const image = `${ecr.host}/convox/shop:web.${id}`;
  for (const dockerfile of [`FROM ${image}\n`, `FROM busybox\nCOPY --from=${image} /main /main\n`]) {
    const { code, stdout } = await rack().convox(
      ['build', '--app', 'thief'],
      await createSource(t, { Dockerfile: dockerfile }),
    );
    t.is(code, 1);
    t.regex(stdout, /ERROR: .*belongs to another app of the rack/, stdout);
  }
  await build(t, rack(), `FROM ${image}\n`);
});
