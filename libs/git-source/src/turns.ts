/** Lets one at a time in, for each name. */
export interface Turns {
  /** Whether anybody is in or waits. */
  readonly has: (name: string) => boolean;
  /** Waits for everybody before; answers what lets the next one in. */
  readonly take: (name: string) => Promise<() => void>;
}

/** Makes turns that nobody has taken. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    has: (name) => last.has(name),
    take: async (name) => {
      const before = last.get(name);
      let leave = () => {};
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      last.set(name, left);
      await before;
      return () => {
        if (last.get(name) === left) last.delete(name);
        leave();
      };
    },
  };
}
