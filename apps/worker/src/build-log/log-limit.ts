/** Takes what fits into a log, and from the first line on that does not, nothing more: a log has no hole that it does not tell. */
export interface LogLimit {
  /** Asks for room for a line of this many bytes; says in the log when there is none for the first time. */
  readonly takes: (bytes: number) => boolean;
  /** Whether there is room for this many bytes. */
  readonly hasRoom: (bytes: number) => boolean;
  /** Says in the log how much was dropped since it was said last, if anything. */
  readonly report: () => void;
}

/** Makes the limit of one log. */
export function createLogLimit({ maxBytes, say }: { maxBytes: number; say: (line: string) => void }): LogLimit {
  let leftBytes = maxBytes;
  let isReached = false;
  let dropped = { lines: 0, bytes: 0 };
  const hasRoom = (bytes: number) => !isReached && bytes <= leftBytes;
  return {
    hasRoom,
    takes: (bytes) => {
      if (!isReached && !hasRoom(bytes)) {
        isReached = true;
        say(`log limit of ${maxBytes} bytes reached: what the build prints from here on is dropped`);
      }
      if (isReached) dropped = { lines: dropped.lines + 1, bytes: dropped.bytes + bytes };
      else leftBytes -= bytes;
      return !isReached;
    },
    report: () => {
      const { lines, bytes } = dropped;
      dropped = { lines: 0, bytes: 0 };
      if (lines > 0) say(`log limit: dropped ${lines} ${lines === 1 ? 'line' : 'lines'} here (${bytes} bytes)`);
    },
  };
}
