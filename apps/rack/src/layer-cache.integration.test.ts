import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';

import { createSource } from './testing/create-source.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const DOCKERFILE = `FROM busybox
COPY packages /packages
RUN sleep 1; cp /packages /installed
COPY main /main
RUN cat /installed /main > /built
`;

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
  readonly caches: readonly { service: string; export: string; reason: string; 'export-bytes': number }[];
}

const source = (t: ExecutionContext, main = 'one') =>
  createSource(t, { Dockerfile: DOCKERFILE, packages: 'left-pad\n', main: `${main}\n` });

async function build(t: ExecutionContext, rack: TestRack, files: string): Promise<string> {
  const { code, stdout, stderr } = await rack.convox(['build', '--app', 'shop'], files);
  t.is(code, 0, stdout + stderr);
  return stdout;
}

async function newestBuild(rack: TestRack): Promise<WireBuild> {
  const [{ id } = { id: '' }] = await rack.json<WireBuild[]>('builds', '--app', 'shop');
  return rack.json<WireBuild>('builds', 'info', id, '--app', 'shop');
}

/** The export comes after the build's end. */
async function exportOf(rack: TestRack): Promise<WireBuild['caches'][number]> {
  let cache: WireBuild['caches'][number] | undefined;
  const hasEnded = async () => {
    cache = (await newestBuild(rack)).caches.at(0);
    return cache !== undefined && cache.export !== 'waiting';
  };
  await waitUntil(hasEnded, { what: 'the export has ended', timeoutMs: 60_000 });
  if (cache === undefined) throw new TypeError('no cache');
  return cache;
}

/** A rack with an app, whose worker can be replaced by one that has never built anything. */
async function startReplaceableRack(t: ExecutionContext) {
  const data = await createTemporaryFolder();
  let rack = await startTestRack({ folder: data.path });
  t.teardown(async () => {
    await rack.stop();
    await data.remove();
  });
  await rack.convox(['apps', 'create', 'shop']);
  await rack.convox(['apps', 'params', 'set', 'Cache=always', '--app', 'shop']);
  return {
    folder: data.path,
    rack: () => rack,
    replaceWorker: async () => {
      await rack.service.stop('SIGINT');
      await rm(join(data.path, 'worker'), { recursive: true });
      rack = await startTestRack({ folder: data.path });
    },
  };
}

test.serial('a worker whose disk is cold builds from the layers that another one left in the registry', async (t) => {
  const { rack, replaceWorker } = await startReplaceableRack(t);
  t.regex(await build(t, rack(), await source(t)), /^web 4 steps: 0 local, 0 registry, 4 built$/m);
  t.like(await exportOf(rack()), { service: 'web', export: 'done', reason: 'it is always exported' });
  t.regex(await build(t, rack(), await source(t)), /^web 4 steps: 4 local, 0 registry, 0 built$/m);
  t.like(await exportOf(rack()), { export: 'skipped', reason: 'no layer has changed' });

  await replaceWorker();
  const cold = await build(t, rack(), await source(t));
  t.regex(cold, /^web 4 steps: 0 local, 4 registry, 0 built, import \d+\.\ds$/m);
  t.is(cold.match(/ CACHED$/gm)?.length, 4, cold);

  await replaceWorker();
  const changed = await build(t, rack(), await source(t, 'two'));
  t.regex(changed, /^web 4 steps: 0 local, 2 registry, 2 built, import/m);
  t.like(await exportOf(rack()), { export: 'done' });
  t.deepEqual(Object.keys((await newestBuild(rack())).images), ['web'], 'the cache is no image');
});

const manifestSchema = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string() })),
});

/** The files of the cache in the storage of the registry. */
async function findCacheFiles(folder: string) {
  const storage = join(folder, 'registry/docker/registry/v2');
  const fileOf = (digest: string) => join(storage, 'blobs/sha256', digest.slice(7, 9), digest.slice(7), 'data');
  const link = join(storage, 'repositories/shop/_manifests/tags/web.cache/current/link');
  const manifest = fileOf(await readFile(link, 'utf8'));
  const { config, layers } = manifestSchema.parse(JSON.parse(await readFile(manifest, 'utf8')));
  return { manifest, config: fileOf(config.digest), layers: layers.map(({ digest }) => fileOf(digest)) };
}

test.serial('a cache that is damaged, absent or has lost its layers fails no build', async (t) => {
  const { folder, rack, replaceWorker } = await startReplaceableRack(t);
  await build(t, rack(), await source(t));
  const damages = {
    damaged: async () => writeFile((await findCacheFiles(folder)).config, 'no JSON'),
    'without layers': async () => {
      for (const layer of (await findCacheFiles(folder)).layers) await rm(layer, { force: true });
    },
    absent: async () => rm((await findCacheFiles(folder)).manifest),
  };
  for (const [name, damage] of Object.entries(damages)) {
    t.like(await exportOf(rack()), { export: 'done' }, name);
    await damage();
    await replaceWorker();
    const log = await build(t, rack(), await source(t, name));
    t.is(log.match(/^web warning: building without the registry's layer cache: .+$/gm)?.length, 1, log);
    t.regex(log, /^web 4 steps: 0 local, 0 registry, 4 built$/m);
  }
});
