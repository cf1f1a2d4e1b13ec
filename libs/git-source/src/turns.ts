import { once } from 'node:events';

/** Lets one at a time in, for each name. */
export interface Turns {
  /** Whether anybody is in or waits. */
  readonly has: (name: string) => boolean;
  /** Waits for everybody before; answers what lets the next one in. Rejects when the signal is aborted meanwhile. */
  readonly take: (name: string, signal?: AbortSignal) => Promise<() => void>;
}

async function rejectWhenAborted(signal: AbortSignal, stop: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort', { signal: stop });
  signal.throwIfAborted();
}

/** Waits for somebody, but not longer than the signal lasts. */
async function waitFor(before: Promise<void>, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  try {
    await Promise.race([before, rejectWhenAborted(signal, stop.signal)]);
  } finally {
    stop.abort();
  }
}

/** Makes turns that nobody has taken. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    has: (name) => last.has(name),
    take: async (name, signal = new AbortController().signal) => {
      const before = last.get(name) ?? Promise.resolve();
      let open = () => {};
      const left = new Promise<void>((resolve) => {
        open = resolve;
      });
      last.set(name, left);
      const leave = () => {
        if (last.get(name) === left) last.delete(name);
        open();
      };
      try {
        await waitFor(before, signal);
      } catch (error) {
        // Whoever comes after still waits for those before.
        void before.then(leave);
        throw error;
      }
      return leave;
    },
  };
}
