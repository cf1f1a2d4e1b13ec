import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

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

test('a worker whose disk is cold builds from the layers that another one left in the registry', async (t) => {
  const data = await createTemporaryFolder();
  let rack = await startTestRack({ folder: data.path });
  t.teardown(async () => {
    await rack.stop();
    await data.remove();
  });
  /** The same rack with a worker that has never built anything. */
  const replaceWorker = async () => {
    await rack.service.stop('SIGINT');
    await rm(join(data.path, 'worker'), { recursive: true });
    rack = await startTestRack({ folder: data.path });
  };
  await rack.convox(['apps', 'create', 'shop']);
  await rack.convox(['apps', 'params', 'set', 'Cache=always', '--app', 'shop']);
  t.regex(await build(t, rack, await source(t)), /^web 4 steps: 0 local, 0 registry, 4 built$/m);
  t.like(await exportOf(rack), { service: 'web', export: 'done', reason: 'it is always exported' });
  t.regex(await build(t, rack, await source(t)), /^web 4 steps: 4 local, 0 registry, 0 built$/m);
  t.like(await exportOf(rack), { export: 'skipped', reason: 'no layer has changed' });

  await replaceWorker();
  const cold = await build(t, rack, await source(t));
  t.regex(cold, /^web 4 steps: 0 local, 4 registry, 0 built, import \d+\.\ds$/m);
  t.is(cold.match(/ CACHED$/gm)?.length, 4, cold);

  await replaceWorker();
  const changed = await build(t, rack, await source(t, 'two'));
  t.regex(changed, /^web 4 steps: 0 local, 2 registry, 2 built, import/m);
  t.like(await exportOf(rack), { export: 'done' });
  t.deepEqual(Object.keys((await newestBuild(rack)).images), ['web'], 'the cache is no image');
});
