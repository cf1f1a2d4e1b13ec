import { setTimeout as sleep } from 'node:timers/promises';

import { sanitiseLine } from './sanitise-line.js';

const CHUNK_BYTES = 256 * 1024;
const FLUSH_AFTER_MS = 100;
const PAUSE_ABOVE_BYTES = 1024 * 1024;
const RETRY_AFTER_MS = 500;

/** Where a build's log goes and what bounds it. */
export interface BuildLogOptions {
  /** Stores a chunk; answers its sequence number, or `undefined` when this attempt no longer owns the build. */
  readonly append: (bytes: Buffer) => Promise<number | undefined>;
  /** Tells readers that there is a new chunk. */
  readonly announce: (seq: number) => void;
  /** Called once when the log was refused because the build has another owner. */
  readonly onFenced: () => void;
  /** Replaces secrets in a line. */
  readonly mask: (line: string) => string;
  /** What is stored at most; what comes after is counted and dropped. */
  readonly maxBytes: number;
  /** Ends the retries of a store that does not answer. */
  readonly signal: AbortSignal;
}

/** The log of one attempt: lines in, chunks out, in order. */
export interface BuildLog {
  /** Adds one line (or several, split at line ends). Never blocks; see {@link BuildLog.ready}. */
  readonly line: (text: string) => void;
  /** Resolves when little enough is waiting to be stored that more may come: a flood waits here. */
  readonly ready: () => Promise<void>;
  /** Resolves when everything so far is stored. */
  readonly flush: () => Promise<void>;
  /** Says what the limit dropped, if anything, and stores what is left. */
  readonly end: () => Promise<void>;
}

/** Opens the log of an attempt. Bytes are stored in batches, at the latest 100 ms after they were written. */
export function createBuildLog(options: BuildLogOptions): BuildLog {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let storedBytes = 0;
  let dropped = { lines: 0, bytes: 0 };
  let isFenced = false;
  let running: Promise<void> | undefined;

  function add(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    pending.push(bytes);
    pendingBytes += bytes.length;
    storedBytes += bytes.length;
  }

  function takeChunk(): Buffer {
    let size = 0;
    let count = 0;
    while (count < pending.length && size < CHUNK_BYTES) size += pending[count++]?.length ?? 0;
    const chunk = Buffer.concat(pending.slice(0, count));
    pending = pending.slice(count);
    return chunk;
  }

  async function store(chunk: Buffer): Promise<void> {
    while (!isFenced) {
      try {
        const seq = await options.append(chunk);
        if (seq !== undefined) return options.announce(seq);
        isFenced = true;
        options.onFenced();
      } catch (error) {
        // A database that is away delays the log. Whether the build may go on without it is the lease's question.
        if (options.signal.aborted) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  }

  async function drain(delayMs: number): Promise<void> {
    await sleep(delayMs);
    while (pending.length > 0) {
      const chunk = takeChunk();
      await store(chunk);
      pendingBytes -= chunk.length;
    }
  }

  function start(delayMs: number): Promise<void> {
    running ??= drain(delayMs).finally(() => {
      running = undefined;
    });
    return running;
  }

  function line(text: string): void {
    for (const raw of text.split(/\r\n|\n|\r/)) {
      const clean = options.mask(sanitiseLine(raw));
      if (storedBytes + clean.length > options.maxBytes) {
        dropped = { lines: dropped.lines + 1, bytes: dropped.bytes + clean.length + 1 };
      } else add(clean);
    }
    // The failure is met again by whoever waits: ready(), flush() or end().
    if (pending.length > 0) start(pendingBytes < CHUNK_BYTES ? FLUSH_AFTER_MS : 0).catch(() => {});
  }

  async function flush(): Promise<void> {
    while (pending.length > 0 || running !== undefined) await start(0);
  }

  return {
    line,
    flush,
    ready: async () => {
      while (pendingBytes > PAUSE_ABOVE_BYTES && !isFenced) await start(0);
    },
    end: async () => {
      if (dropped.lines > 0) {
        add(`log limit of ${options.maxBytes} bytes reached: dropped ${dropped.lines} lines (${dropped.bytes} bytes)`);
      }
      await flush();
    },
  };
}
