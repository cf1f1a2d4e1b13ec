import { constants } from 'node:os';

import type { Logger } from './create-logger.js';

/** Closes one thing that the process has opened. */
export type Closer = () => Promise<void> | void;

/** Options of {@link createShutdown}. */
export interface ShutdownOptions {
  readonly logger: Logger;
  /** After this time, in milliseconds, the process exits with 1 although something is not closed yet. */
  readonly forceAfterMs: number;
}

/** How a process ends: everything that was opened is closed, the last one first. */
export interface Shutdown {
  /** Aborted when the process begins to stop. */
  readonly signal: AbortSignal;
  /** Registers what has to be closed; closers run one after the other, the one added last first. */
  readonly add: (name: string, close: Closer) => void;
  /** Closes everything, then exits with 0, or with 1 when a closer failed. A second call does nothing new. */
  readonly stop: (reason: string) => Promise<void>;
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Makes the process stop in order on SIGTERM and SIGINT.
 *
 * The same signal again exits at once, with 128 plus its number. Another signal does not: Ctrl-C in a terminal sends
 * SIGINT to a whole group, and a parent in it may then send SIGTERM to its children, which is one wish and not two.
 */
export function createShutdown({ logger, forceAfterMs }: ShutdownOptions): Shutdown {
  const closers: { name: string; close: Closer }[] = [];
  const controller = new AbortController();
  const seen = new Set<string>();
  let stopping: Promise<void> | undefined;

  async function closeAll(): Promise<number> {
    let exitCode = 0;
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) {
      try {
        await next.close();
      } catch (error) {
        exitCode = 1;
        logger.error({ err: error, closer: next.name }, 'Cannot close');
      }
    }
    return exitCode;
  }

  function forceExit(): void {
    logger.error({ forceAfterMs, left: closers.map(({ name }) => name) }, 'Stopping took too long');
    process.exit(1);
  }

  async function run(reason: string): Promise<void> {
    logger.info({ reason }, 'Stopping');
    controller.abort(new Error(`The process is stopping: ${reason}`));
    const force = setTimeout(forceExit, forceAfterMs);
    const exitCode = await closeAll();
    clearTimeout(force);
    logger.info({ exitCode }, 'Stopped');
    process.exit(exitCode);
  }

  const stop = (reason: string): Promise<void> => (stopping ??= run(reason));

  for (const name of STOP_SIGNALS) {
    process.on(name, () => {
      if (seen.has(name)) process.exit(128 + constants.signals[name]);
      seen.add(name);
      void stop(name);
    });
  }
  return { signal: controller.signal, add: (name, close) => void closers.push({ name, close }), stop };
}
