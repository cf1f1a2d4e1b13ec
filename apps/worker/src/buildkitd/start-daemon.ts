import type { Logger, Shutdown } from '@convox-builds/runtime';

import type { BuildFence } from '../build-fence/create-build-fence.js';
import { openDaemonProxy } from '../build-fence/open-daemon-proxy.js';
import type { WorkerFolders } from '../open-worker-folder.js';
import { openRunNetwork } from '../run-network/open-run-network.js';
import type { Settings } from '../settings.js';
import type { WorkerMetrics } from '../worker-metrics.js';
import { renderConfig } from './render-config.js';
import { type BuildkitdSupervisor, superviseBuildkitd } from './supervise-buildkitd.js';

/** What the daemon is started with besides the settings. */
export interface DaemonParts {
  readonly folders: WorkerFolders;
  readonly fence: BuildFence;
  readonly metrics: WorkerMetrics;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

/** Starts the worker's buildkitd, after the ways out of it and of its steps. */
export async function startDaemon(settings: Settings, parts: DaemonParts): Promise<BuildkitdSupervisor> {
  const { folders, metrics, logger, shutdown } = parts;
  const { buildkitdPath: binary, searchPath, runNetwork } = settings;
  const proxy = await openDaemonProxy(settings, parts);
  const network = await openRunNetwork(runNetwork, folders.network);
  shutdown.add('run network', () => network.close());
  const buildkitd = await superviseBuildkitd({
    binary,
    searchPath,
    stateFolder: folders.buildkit,
    configToml: renderConfig(settings, network),
    proxy,
    logger,
    onRestart: () => metrics.buildkitdRestarts.inc(),
    onGivenUp: () => void shutdown.stop('buildkitd cannot be restarted', { exitCode: 1 }),
  });
  shutdown.add('buildkitd', () => buildkitd.stop());
  return buildkitd;
}
