/** Something that is done again and again. */
export interface Loop {
  /** Does not wait for the next turn. */
  readonly wake: () => void;
  /** Resolves when no turn runs. */
  readonly settled: () => Promise<void>;
  /** Begins no turn any more, tells the one that runs, and waits for it. */
  readonly stop: () => Promise<void>;
}

/**
 * Runs turns one after the other, the first one at once, with a pause between them, until stopped. However long one takes, none
 * is begun meanwhile.
 *
 * @param turn must not reject, and has to end soon when its signal is aborted
 */
export function startLoop(turn: (signal: AbortSignal) => Promise<void>, { everyMs }: { everyMs: number }): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isWoken = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const run = () => {
    clearTimeout(timer);
    isWoken = false;
    running = turn(signal).then(() => {
      running = undefined;
      if (!signal.aborted) timer = setTimeout(run, isWoken ? 0 : everyMs);
    });
  };
  run();
  return {
    wake: () => {
      isWoken = true;
      if (running === undefined && !signal.aborted) run();
    },
    settled: async () => running,
    stop: async () => {
      stopping.abort(new Error('The process is stopping'));
      clearTimeout(timer);
      await running;
    },
  };
}
