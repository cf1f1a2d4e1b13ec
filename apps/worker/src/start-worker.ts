import { randomBytes } from 'node:crypto';

import { createRegistryClient } from '@convox-builds/registry';
import { createLogger, createShutdown, exitWithParent, notifyParent, readEnvironment } from '@convox-builds/runtime';
import { createDiskObjectStorage, createStore } from '@convox-builds/store';

import { createAnnouncer } from './announcer.js';
import { startBuildWorker } from './build-worker.js';
import { renderConfig } from './buildkitd/render-config.js';
import { superviseBuildkitd } from './buildkitd/supervise-buildkitd.js';
import { openWorkerFolder } from './open-worker-folder.js';
import { createRegistryGate } from './registry-gate.js';
import { openRunNetwork } from './run-network/open-run-network.js';
import { settingsSchema } from './settings.js';
import type { WorkerParts } from './worker-parts.js';

const STOP_MARGIN_MS = 20_000;

/** How a worker is started otherwise than in production. */
export interface StartWorkerOptions {
  /** Changes the parts before they are used: tests put faults into them. */
  readonly adaptParts?: (parts: WorkerParts) => WorkerParts;
}

/** Starts a worker from its environment: its network, its buildkitd, then its share of the queue. Stops them in reverse. */
export async function startWorker({ adaptParts = (parts) => parts }: StartWorkerOptions = {}): Promise<void> {
  const settings = readEnvironment(settingsSchema);
  const logger = createLogger({ name: 'worker', level: settings.logLevel });
  const shutdown = createShutdown({ logger, forceAfterMs: settings.drainGraceMs + STOP_MARGIN_MS });
  exitWithParent(shutdown);

  const folders = await openWorkerFolder(settings.folder);
  const network = await openRunNetwork(settings.runNetwork, folders.network);
  shutdown.add('run network', () => network.close());
  const configToml = renderConfig(settings, network);
  const buildkitd = await superviseBuildkitd({
    binary: settings.buildkitdPath,
    stateFolder: folders.buildkit,
    configToml,
    searchPath: settings.searchPath,
    logger,
  });
  shutdown.add('buildkitd', () => buildkitd.stop());

  const objects = createDiskObjectStorage({ folder: settings.objectsFolder });
  const store = createStore({ databaseUrl: settings.databaseUrl, objects });
  shutdown.add('store', () => store.close());
  const announcer = createAnnouncer(settings.redisUrl, logger);
  shutdown.add('announcer', async () => announcer.close());

  const registryGate = await createRegistryGate(settings.registry);
  const registry = createRegistryClient({ access: registryGate.access });
  const owner = `${settings.name}/${process.pid}-${randomBytes(3).toString('hex')}`;
  const parts = adaptParts({ settings, logger, store, objects, buildkitd, registry, registryGate, announcer });
  const worker = startBuildWorker(owner, parts);
  shutdown.add('builds', () => worker.drain());
  logger.info({ owner, slots: settings.buildSlots }, 'Worker ready');
  notifyParent({ type: 'ready' });
}
