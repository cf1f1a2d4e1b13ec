/** Lets so many through at once; the others wait, in order. */
export interface Gate {
  /** Resolves when there is room, with what gives the room back. */
  enter(): Promise<() => void>;
}

/** Makes a gate for `limit` at once. */
export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = () => {
    const next = waiting.shift();
    // Who waits takes over the room: nobody else can come in between.
    if (next === undefined) inside--;
    else next();
  };
  return {
    enter: async () => {
      if (inside < limit) inside++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
