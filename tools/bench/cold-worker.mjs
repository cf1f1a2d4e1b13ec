import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { createDiskObjectStorage, createStore } from '@convox-builds/store';

import { createAppContext, writeManifest } from './app-context.mjs';
import { buildWithBuildctl } from './buildctl.mjs';
import { writeDockerConfig } from './docker-config.mjs';
import { compare } from './measure.mjs';
import { convox } from './run-program.mjs';
import { startDaemon } from './start-daemon.mjs';
import { startRack } from './start-rack.mjs';
import { stopwatch } from './stopwatch.mjs';

const [APP, SERVICE] = ['bench', 'web'];

async function withRack(folder, use) {
  const rack = await startRack(folder);
  try {
    return await use(rack);
  } finally {
    await rack.stop();
  }
}

/** Fills the registry's cache; the rack's end waits for it. */
async function exportCache(rack, source) {
  await convox(rack, ['apps', 'create', APP]);
  await convox(rack, ['apps', 'params', 'set', 'Cache=always', '--app', APP]);
  await convox(rack, ['build', source, '--app', APP]);
  await convox(rack, ['apps', 'params', 'set', 'Cache=auto', '--app', APP]);
}

async function findCache({ databaseUrl, registryHost }, folder) {
  const store = createStore({ databaseUrl, objects: createDiskObjectStorage({ folder: join(folder, 'unused') }) });
  try {
    const { digest } = await store.layerCaches.find({ app: APP, service: SERVICE });
    return `type=registry,ref=${registryHost}/${APP}@${digest}`;
  } finally {
    await store.close();
  }
}

/** A fresh daemon, as fresh as the worker's. */
async function buildOnColdDaemon(rack, { folder, context, importCache }) {
  const fresh = join(folder, 'fresh');
  const daemon = await startDaemon(fresh, rack);
  try {
    const environment = writeDockerConfig(join(folder, 'docker'), rack);
    const output = `type=image,name=${rack.registryHost}/${APP},push=true,push-by-digest=true,oci-mediatypes=true`;
    return await stopwatch(() =>
      buildWithBuildctl({ address: daemon.address, context, environment, output, importCache }),
    );
  } finally {
    await daemon.stop();
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** A file has changed, and the build comes to a worker with nothing on its disk. Starts are not timed. */
export const coldWorker = {
  name: 'cold-worker',
  title: 'whole convox build on a cold worker, layers from the registry, next to buildctl with the same import',
  goal: 1.1,
  run: async ({ folder, rounds, signal }) => {
    const source = join(folder, 'source');
    mkdirSync(source);
    writeManifest(source, [SERVICE]);
    const web = createAppContext(join(source, SERVICE), 'web', { megabytes: 100 });
    await withRack(folder, (rack) => exportCache(rack, source));
    return compare({
      rounds,
      signal,
      ours: () => {
        web.changeSource();
        rmSync(join(folder, 'rack/worker'), { recursive: true, force: true });
        return withRack(folder, (rack) => stopwatch(() => convox(rack, ['build', source, '--app', APP])));
      },
      peer: () => {
        web.changeSource();
        return withRack(folder, async (rack) => {
          const importCache = await findCache(rack, folder);
          return buildOnColdDaemon(rack, { folder, context: web.context, importCache });
        });
      },
    });
  },
};
