import { setTimeout as sleep } from 'node:timers/promises';

import {
  assertBuildkitVersion,
  type BuildkitClient,
  type Buildkitd,
  BuildkitError,
  createBuildkitClient,
  getInfo,
  startBuildkitd,
} from '@convox-builds/buildkit-client';
import type { Logger } from '@convox-builds/runtime';

const RESTART_AFTER_MS = 1000;
const STOP_GRACE_MS = 5000;

/** A worker's own buildkitd, kept alive. */
export interface BuildkitdSupervisor {
  /** The client of the daemon that runs now; waits while it is being restarted. */
  readonly client: () => Promise<BuildkitClient>;
  /** Takes the daemon down. Solves that still run fail. */
  readonly stop: () => Promise<void>;
}

/** What the supervisor needs to start the daemon, again and again. */
export interface SupervisorOptions {
  readonly binary: string;
  readonly stateFolder: string;
  readonly configToml: string;
  /** The value of `PATH` for the daemon. */
  readonly searchPath: string;
  readonly logger: Logger;
  /** Called when the daemon has died and is started again. */
  readonly onRestart: () => void;
}

interface RunningDaemon {
  readonly daemon: Buildkitd;
  readonly client: BuildkitClient;
}

async function start(options: SupervisorOptions): Promise<RunningDaemon> {
  const daemon = await startBuildkitd(options);
  const client = createBuildkitClient({ address: daemon.address });
  try {
    assertBuildkitVersion(await getInfo(client));
  } catch (error) {
    client.close();
    await daemon.stop({ graceMs: 0 });
    throw error;
  }
  return { daemon, client };
}

/**
 * Starts the worker's own buildkitd and starts it again whenever it dies. Builds that were on it fail with the daemon;
 * the next ones find the new one, with the same warm state.
 *
 * @throws when it cannot be started the first time, or is older than is safe
 */
export async function superviseBuildkitd(options: SupervisorOptions): Promise<BuildkitdSupervisor> {
  const { logger, onRestart } = options;
  let isStopping = false;
  let current = Promise.resolve(await start(options));

  async function restart(): Promise<RunningDaemon> {
    while (!isStopping) {
      await sleep(RESTART_AFTER_MS);
      try {
        return await start(options);
      } catch (error) {
        logger.error({ err: error }, 'Cannot restart buildkitd');
      }
    }
    throw new BuildkitError('unavailable', 'Cannot restart buildkitd: the worker stops');
  }

  async function watch(): Promise<void> {
    while (!isStopping) {
      const running = await current.catch(() => undefined);
      const exit = await running?.daemon.exited;
      if (isStopping || running === undefined || exit === undefined) return;
      running.client.close();
      logger.error({ code: exit.code, signal: exit.signal }, 'buildkitd died, starting it again');
      onRestart();
      current = restart();
    }
  }

  void watch();
  return {
    client: async () => (await current).client,
    stop: async () => {
      isStopping = true;
      const running = await current.catch(() => undefined);
      running?.client.close();
      await running?.daemon.stop({ graceMs: STOP_GRACE_MS });
    },
  };
}
