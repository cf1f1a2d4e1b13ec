import { randomBytes } from 'node:crypto';

import { assertFit } from '@convox-builds/doctor';
import {
  createLogger,
  createMetrics,
  createShutdown,
  createTracer,
  exitWithParent,
  type HealthServerOptions,
  type Logger,
  maskCredentials,
  notifyParent,
  readEnvironment,
  type Shutdown,
  startHealthServer,
} from '@convox-builds/runtime';
import { createStore, openObjectStorage } from '@convox-builds/store';

import { createAnnouncer } from './announcer.js';
import { createBuildFence } from './build-fence/create-build-fence.js';
import { startBuildWorker } from './build-worker.js';
import { startDaemon } from './buildkitd/start-daemon.js';
import { openLayerCache } from './cache/open-layer-cache.js';
import { createWorkerGit } from './create-worker-git.js';
import { createWorkerHealth } from './create-worker-health.js';
import { startSelfExamination } from './doctor/self-examination.js';
import { startChecks } from './doctor/worker-checks.js';
import { startLeaseKeeper } from './lease/lease-keeper.js';
import { openRegistry } from './open-registry.js';
import { openWorkerFolder } from './open-worker-folder.js';
import { startPresence } from './presence.js';
import { startTagRepair } from './repair-tags.js';
import { runBuild } from './run-build.js';
import { type Settings, settingsSchema } from './settings.js';
import { createWorkerMetrics } from './worker-metrics.js';
import type { WorkerParts } from './worker-parts.js';

const STOP_MARGIN_MS = 20_000;

/** How a worker is started otherwise than in production. */
export interface StartWorkerOptions {
  /** Changes the parts before they are used: tests put faults into them. */
  readonly adaptParts?: (parts: WorkerParts) => WorkerParts;
}

async function openStore({ databaseUrl, objectStorage }: Settings, logger: Logger) {
  const objects = await openObjectStorage(objectStorage);
  const onWarning = (message: string) => logger.debug({ detail: maskCredentials(message) }, 'Database warns');
  return { objects, store: createStore({ databaseUrl, objects, onWarning }) };
}

/** It answers as long as the process is there: whoever asks takes silence for an illness. */
async function serveHealth(port: number | undefined, parts: Omit<HealthServerOptions, 'port'>): Promise<void> {
  if (port === undefined) return;
  const server = await startHealthServer({ ...parts, port });
  parts.logger.info({ port: server.port }, 'Health is served');
}

/** Takes its share of the queue, until it is to stop: first it takes no more, then it ends what it has. */
async function joinQueue(owner: string, parts: WorkerParts, shutdown: Shutdown): Promise<void> {
  const tagRepair = startTagRepair(parts);
  shutdown.add('tag repair', () => tagRepair.stop());
  const worker = startBuildWorker(owner, parts);
  const examination = startSelfExamination(parts);
  shutdown.add('self-examination', () => examination.stop());
  const presence = await startPresence(owner, worker, { ...parts, examination });
  shutdown.add('presence', () => presence.leave());
  shutdown.add('builds', () => worker.drain());
  shutdown.add('queue', () => presence.drain());
}

/** Starts a worker from its environment: its network, its buildkitd, then its share of the queue. Stops them in reverse. */
export async function startWorker({ adaptParts = (parts) => parts }: StartWorkerOptions = {}): Promise<void> {
  const settings = readEnvironment(settingsSchema);
  const logger = createLogger({ name: 'worker', level: settings.logLevel });
  const shutdown = createShutdown({ logger, forceAfterMs: settings.drainGraceMs + STOP_MARGIN_MS });
  exitWithParent(shutdown);
  const tracer = await createTracer({ serviceName: 'convox-builds-worker', logger });
  shutdown.add('traces', () => tracer.close());
  const processMetrics = createMetrics({ logger });
  const metrics = createWorkerMetrics(processMetrics);
  metrics.slots.set(settings.buildSlots);

  const folders = await openWorkerFolder(settings.folder);
  await assertFit(startChecks(settings));
  const { objects, store } = await openStore(settings, logger);
  shutdown.add('store', () => store.close());
  const fence = createBuildFence(settings, { store });
  const buildkitd = await startDaemon(settings, { folders, fence, metrics, logger, shutdown });

  const announcer = createAnnouncer(settings.redisUrl, logger);
  shutdown.add('announcer', async () => announcer.close());

  const leases = startLeaseKeeper({ databaseUrl: settings.databaseUrl, leaseMs: settings.leaseMs });
  shutdown.add('leases', () => leases.close());
  const health = createWorkerHealth({ store, buildkitd, logger, signal: shutdown.signal });
  await serveHealth(settings.healthPort, { health, metrics: processMetrics, logger });

  const owner = `${settings.name}/${process.pid}-${randomBytes(3).toString('hex')}`;
  const parts = adaptParts({
    settings,
    fence,
    logger,
    store,
    objects,
    buildkitd,
    ...openLayerCache(folders.buildkit, shutdown),
    ...(await openRegistry(settings, fence)),
    git: createWorkerGit(settings, folders.git),
    announcer,
    leases,
    metrics,
    tracer,
    runBuild,
  });
  await joinQueue(owner, parts, shutdown);
  logger.info({ owner, slots: settings.buildSlots }, 'Worker ready');
  notifyParent({ type: 'ready' });
}
