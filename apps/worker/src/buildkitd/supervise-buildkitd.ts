import { setTimeout as sleep } from 'node:timers/promises';

import {
  assertBuildkitVersion,
  type BuildkitClient,
  type Buildkitd,
  BuildkitError,
  createBuildkitClient,
  type DaemonProxy,
  getInfo,
  startBuildkitd,
} from '@convox-builds/buildkit-client';
import { type Logger, unlessAborted } from '@convox-builds/runtime';

const RESTART_AFTER_MS = 1000;
const GIVE_UP_AFTER_MS = 3 * 60_000;
const STOP_GRACE_MS = 5000;

/** A worker's own buildkitd, kept alive. */
export interface BuildkitdSupervisor {
  /** Whether the daemon runs, for all that is known. */
  readonly isUp: () => boolean;
  /**
   * The client of the daemon that runs now; waits while it is being restarted.
   *
   * @throws {BuildkitError} `unavailable` when it could not be restarted, or the reason of the signal
   */
  readonly client: (signal: AbortSignal) => Promise<BuildkitClient>;
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
  readonly proxy?: DaemonProxy | undefined;
  readonly logger: Logger;
  /** Called when the daemon has died and is started again. */
  readonly onRestart: () => void;
  /** Called when it could not be restarted for so long that nobody tries any more. */
  readonly onGivenUp: () => void;
  /** Default three minutes. */
  readonly giveUpAfterMs?: number;
}

interface RunningDaemon {
  readonly daemon: Buildkitd;
  readonly client: BuildkitClient;
}

async function start(options: SupervisorOptions, signal: AbortSignal): Promise<RunningDaemon> {
  const daemon = await startBuildkitd({ ...options, signal });
  const client = createBuildkitClient({ address: daemon.address });
  try {
    assertBuildkitVersion(await getInfo(client, { signal }));
  } catch (error) {
    client.close();
    await daemon.stop({ graceMs: 0 });
    throw error;
  }
  return { daemon, client };
}

/**
 * Starts the worker's own buildkitd and starts it again whenever it dies. Builds that were on it fail with the daemon;
 * the next ones find the new one, with the same warm state. When it cannot be restarted for minutes, what waits for it fails,
 * too: the builds are for other workers then.
 *
 * @throws when it cannot be started the first time, or is older than is safe
 */
export async function superviseBuildkitd(options: SupervisorOptions): Promise<BuildkitdSupervisor> {
  const { logger, onRestart, onGivenUp, giveUpAfterMs = GIVE_UP_AFTER_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = Promise.resolve(await start(options, signal));
  let isUp = true;

  async function restart(): Promise<RunningDaemon> {
    const giveUpAt = performance.now() + giveUpAfterMs;
    for (;;) {
      await sleep(RESTART_AFTER_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
      try {
        return await start(options, signal);
      } catch (error) {
        signal.throwIfAborted();
        logger.error({ err: error }, 'Cannot restart buildkitd');
        if (performance.now() > giveUpAt)
          throw new BuildkitError('unavailable', 'Cannot restart buildkitd: the log of the worker says why');
      }
    }
  }

  /** Until the daemon cannot be restarted, or the worker stops. */
  async function watch(): Promise<void> {
    for (;;) {
      const { daemon, client } = await current;
      isUp = true;
      const exit = await daemon.exited;
      signal.throwIfAborted();
      isUp = false;
      client.close();
      logger.error({ ...exit }, 'buildkitd died, starting it again');
      onRestart();
      current = restart();
    }
  }

  watch().catch(() => {
    if (!signal.aborted) onGivenUp();
  });
  return {
    isUp: () => isUp,
    client: async (waiting) => (await unlessAborted(current, waiting)).client,
    stop: async () => {
      stopping.abort(new Error('The worker stops'));
      const running = await current.catch(() => undefined);
      running?.client.close();
      await running?.daemon.stop({ graceMs: STOP_GRACE_MS });
    },
  };
}
