/** Something that is done again and again. */
export interface Loop {
  /** Does not wait for the next turn. */
  readonly wake: () => void;
  /** Begins no turn any more, and waits for the one that runs. */
  readonly stop: () => Promise<void>;
}

/** Runs turns one after the other, the first one at once, with a pause between them, until stopped. A turn must not reject. */
export function startLoop(turn: () => Promise<void>, { everyMs }: { everyMs: number }): Loop {
  let isStopped = false;
  let isWoken = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  const run = () => {
    clearTimeout(timer);
    isWoken = false;
    running = turn().then(() => {
      running = undefined;
      if (!isStopped) timer = setTimeout(run, isWoken ? 0 : everyMs);
    });
  };
  run();
  return {
    wake: () => {
      isWoken = true;
      if (running === undefined && !isStopped) run();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
