/** Builds that may wait for their export; of more than that, what is in the registry stays older. */
const MAX_WAITING = 16;

/** Where layer caches are written after builds have ended: one build at a time, apart from the slots of builds. */
export interface ExportSlot {
  /**
   * Takes work, which must not reject; it ends soon when its signal is aborted.
   *
   * @returns `false` when it takes nothing
   */
  readonly offer: (work: (signal: AbortSignal) => Promise<void>) => boolean;
  /** Gives up what runs and what waits. */
  readonly stop: () => Promise<void>;
}

/** Creates the slot of a worker. */
export function createExportSlot(): ExportSlot {
  const stopping = new AbortController();
  let waiting = 0;
  let last = Promise.resolve();
  return {
    offer: (work) => {
      if (stopping.signal.aborted || waiting >= MAX_WAITING) return false;
      waiting++;
      last = last
        .then(() => work(stopping.signal))
        .finally(() => {
          waiting--;
        });
      return true;
    },
    stop: async () => {
      stopping.abort(new Error('the worker stops'));
      await last;
    },
  };
}
