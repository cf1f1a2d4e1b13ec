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
  /** Registers, by their names, things that do not need each other: their closers run at the same time. */
  readonly addTogether: (closers: Readonly<Record<string, Closer>>) => void;
  /**
   * Closes everything, then exits with `exitCode`, by default 0, or with 1 when a closer failed. A second call does nothing
   * new.
   */
  readonly stop: (reason: string, options?: { exitCode?: number }) => Promise<void>;
}

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Makes the process stop in order on SIGTERM and SIGINT.
 *
 * The same signal again exits at once, with 128 plus its number. Another signal does not: Ctrl-C in a terminal sends
 * SIGINT to a whole group, and a parent in it may then send SIGTERM to its children, which is one wish and not two.
 */
export function createShutdown({ logger, forceAfterMs }: ShutdownOptions): Shutdown {
  const groups: Readonly<Record<string, Closer>>[] = [];
  const left = new Set<string>();
  const controller = new AbortController();
  const seen = new Set<string>();
  let stopping: Promise<void> | undefined;

  async function closeOne([name, close]: [string, Closer]): Promise<boolean> {
    try {
      await close();
      left.delete(name);
      return true;
    } catch (error) {
      logger.error({ err: error, closer: name }, 'Cannot close');
      return false;
    }
  }

  async function closeAll(): Promise<boolean> {
    let isClosed = true;
    for (let next = groups.pop(); next !== undefined; next = groups.pop()) {
      const closed = await Promise.all(Object.entries(next).map(closeOne));
      isClosed &&= !closed.includes(false);
    }
    return isClosed;
  }

  function forceExit(): void {
    logger.error({ forceAfterMs, left: [...left] }, 'Stopping took too long');
    process.exit(1);
  }

  async function run(reason: string, wanted: number): Promise<void> {
    logger.info({ reason }, 'Stopping');
    controller.abort(new Error(`The process is stopping: ${reason}`));
    const force = setTimeout(forceExit, forceAfterMs);
    const exitCode = (await closeAll()) ? wanted : 1;
    clearTimeout(force);
    logger.info({ exitCode }, 'Stopped');
    process.exit(exitCode);
  }

  function addTogether(closers: Readonly<Record<string, Closer>>): void {
    groups.push(closers);
    for (const name of Object.keys(closers)) left.add(name);
  }

  const stop: Shutdown['stop'] = (reason, { exitCode = 0 } = {}) => (stopping ??= run(reason, exitCode));

  for (const name of STOP_SIGNALS) {
    process.on(name, () => {
      if (seen.has(name)) process.exit(128 + constants.signals[name]);
      seen.add(name);
      void stop(name);
    });
  }
  return { signal: controller.signal, add: (name, close) => addTogether({ [name]: close }), addTogether, stop };
}
