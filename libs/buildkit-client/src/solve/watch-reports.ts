import { setTimeout as sleep } from 'node:timers/promises';

import type { StatusListener } from './follow-status.js';

/** How long the daemon may have nothing to report, when the outcome is known, before the rest is given up. */
const SILENCE_MS = 5000;

/** Knows whether reports still come. */
export interface ReportWatch {
  /** Passes every report on to the listener that is watched. */
  readonly onStatus: StatusListener;
  /**
   * Waits for the end of the reports, however long the listener takes for them: what a step has printed before it failed
   * is still on its way. `undefined` when they break off, or none comes any more.
   */
  readonly waitForEnd: <T>(reports: Promise<T>, signal: AbortSignal) => Promise<T | undefined>;
}

/** Watches the reports that a listener is given. */
export function watchReports(listener: StatusListener, { silenceMs = SILENCE_MS } = {}): ReportWatch {
  let received = 0;
  let isBusy = false;
  return {
    onStatus: async (status) => {
      received++;
      isBusy = true;
      try {
        await listener(status);
      } finally {
        isBusy = false;
      }
    },
    waitForEnd: async (reports, signal) => {
      const ended = reports.then(
        (result) => ({ result }),
        () => ({ result: undefined }),
      );
      for (;;) {
        const before = received;
        const end = await Promise.race([ended, sleep(silenceMs, undefined, { ref: false })]);
        if (end !== undefined) return end.result;
        if (signal.aborted || (received === before && !isBusy)) return undefined;
      }
    },
  };
}
