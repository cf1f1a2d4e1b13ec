import { randomBytes } from 'node:crypto';

import { createBuildkitClient } from '@convox-builds/buildkit-client';
import { startFakeBuildkitd } from '@convox-builds/buildkit-client/testing';
import { createLogger, createMetrics, createShutdown, createTracer, readEnvironment } from '@convox-builds/runtime';
import { createStore, openObjectStorage } from '@convox-builds/store';
import { z } from 'zod';

import { createAnnouncer } from '../announcer.js';
import { createBuildFence } from '../build-fence/create-build-fence.js';
import { startBuildWorker } from '../build-worker.js';
import { openLayerCache } from '../cache/open-layer-cache.js';
import { createWorkerGit } from '../create-worker-git.js';
import { startLeaseKeeper } from '../lease/lease-keeper.js';
import { openRegistry } from '../open-registry.js';
import { openWorkerFolder } from '../open-worker-folder.js';
import { startPresence } from '../presence.js';
import { settingsSchema } from '../settings.js';
import { createWorkerMetrics } from '../worker-metrics.js';
import type { WorkerParts } from '../worker-parts.js';
import { simulateBuild } from './simulate-build.js';

// Many workers in one process. Each has its own connections to the database and to Redis, its own queue and presence; what
// they share are the thread that renews their leases, and a build daemon that nobody asks for anything.

const { WORKERS } = readEnvironment(z.object({ WORKERS: z.coerce.number().int().positive() }));
const settings = readEnvironment(settingsSchema);
const logger = createLogger({ name: 'workers', level: settings.logLevel });
const shutdown = createShutdown({ logger, forceAfterMs: 1000 });
const folders = await openWorkerFolder(settings.folder);
const client = createBuildkitClient({ address: (await startFakeBuildkitd()).address });
const objects = await openObjectStorage(settings.objectStorage);
const shared = {
  logger,
  objects,
  buildkitd: { isUp: () => true, client: async () => client, stop: async () => {} },
  ...openLayerCache(folders.buildkit, shutdown),
  git: createWorkerGit(settings, folders.git),
  leases: startLeaseKeeper({ databaseUrl: settings.databaseUrl, leaseMs: settings.leaseMs }),
  metrics: createWorkerMetrics(createMetrics({ logger })),
  tracer: await createTracer({ serviceName: 'workers', logger }),
  runBuild: simulateBuild,
};

const NOTHING_EXAMINED = { findings: () => [] };

async function startOne(name: string): Promise<void> {
  const store = createStore({ databaseUrl: settings.databaseUrl, objects });
  const fence = createBuildFence(settings, { store });
  const parts: WorkerParts = {
    ...shared,
    ...(await openRegistry(settings, fence)),
    fence,
    settings: { ...settings, name },
    store,
    announcer: createAnnouncer(settings.redisUrl, logger),
  };
  const owner = `${name}/${process.pid}-${randomBytes(3).toString('hex')}`;
  await startPresence(owner, startBuildWorker(owner, parts), { ...parts, examination: NOTHING_EXAMINED });
}

for (let index = 0; index < WORKERS; index++) await startOne(`${settings.name}-${index}`);
logger.info({ workers: WORKERS }, 'Worker ready');
