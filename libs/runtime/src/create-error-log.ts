import type { Logger } from './create-logger.js';

const LOG_EVERY_MS = 10_000;

/**
 * Makes a log for errors that come by the thousand while something is away: one in ten seconds is written.
 *
 * @param message what is away
 */
export function createErrorLog(logger: Logger, message: string): (error: unknown) => void {
  let nextAt = 0;
  return (error) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + LOG_EVERY_MS;
    logger.warn({ err: error }, message);
  };
}
