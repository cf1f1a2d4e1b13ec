import { setTimeout as sleep } from 'node:timers/promises';

import { LineQueue } from './line-queue.js';

const CHUNK_BYTES = 512 * 1024;
const FLUSH_AFTER_MS = 100;
const PAUSE_ABOVE_BYTES = 1024 * 1024;
const RETRY_AFTER_MS = 500;

/** Where chunks go. */
export interface ChunkWriterOptions {
  /**
   * Stores a chunk, once however often it is asked to store the same part; answers a sequence number, or `undefined` when
   * this attempt no longer owns the build.
   */
  readonly append: (bytes: Buffer, options: { part: number }) => Promise<number | undefined>;
  /** Tells readers that there is a new chunk. */
  readonly announce: (seq: number) => void;
  /** Called once when the log was refused because the build has another owner. */
  readonly onFenced: () => void;
  /** Told how many bytes were stored. */
  readonly onBytes: (result: 'stored', bytes: number) => void;
  /** Ends the retries of a store that does not answer. */
  readonly signal: AbortSignal;
}

/** Lines in, chunks out, one after the other. */
export interface ChunkWriter {
  /** Adds a line, or several with line ends between them, to what is written next. */
  readonly add: (text: string) => void;
  /** Begins to write what was added, at the latest after 100 ms. */
  readonly write: () => void;
  /** Resolves when little enough is waiting that more may come. */
  readonly ready: () => Promise<void>;
  /** Resolves when everything so far is stored. */
  readonly flush: () => Promise<void>;
}

/** Stores and announces a chunk, however long it takes; `false` when the build has another owner. */
async function storeChunk(chunk: Buffer, part: number, options: ChunkWriterOptions): Promise<boolean> {
  const { append, announce, onBytes, signal } = options;
  for (;;) {
    try {
      const seq = await append(chunk, { part });
      if (seq === undefined) return false;
      announce(seq);
      onBytes('stored', chunk.length);
      return true;
    } catch (error) {
      // A database that is away delays the log. Whether the build may go on without it is the lease's question.
      if (signal.aborted) throw error;
      await sleep(RETRY_AFTER_MS);
    }
  }
}

/** Makes the writer of an attempt's log. */
export function createChunkWriter(options: ChunkWriterOptions): ChunkWriter {
  const queue = new LineQueue(CHUNK_BYTES);
  let isFenced = false;
  let storedParts = 0;
  let running: Promise<void> | undefined;
  let pause = new AbortController();

  async function drain(delayMs: number): Promise<void> {
    pause = new AbortController();
    await sleep(delayMs, undefined, { signal: pause.signal }).catch(() => {});
    for (let chunk = queue.peek(); chunk !== undefined; chunk = queue.peek()) {
      if (!isFenced && !(await storeChunk(chunk, storedParts + 1, options))) {
        isFenced = true;
        options.onFenced();
      }
      storedParts++;
      queue.drop();
    }
  }

  function start(delayMs: number): Promise<void> {
    running ??= drain(delayMs).finally(() => {
      running = undefined;
    });
    return running;
  }

  /** Somebody waits: a batch that is still being gathered goes now. */
  function hurry(): Promise<void> {
    pause.abort();
    return start(0);
  }

  return {
    add: (text) => queue.add(text),
    write: () => {
      // A failure is met again by whoever waits: ready() or flush().
      if (queue.bytes > 0) start(queue.bytes < CHUNK_BYTES ? FLUSH_AFTER_MS : 0).catch(() => {});
    },
    ready: async () => {
      while (queue.bytes > PAUSE_ABOVE_BYTES && !isFenced) await hurry();
    },
    flush: async () => {
      while (queue.bytes > 0 || running !== undefined) await hurry();
    },
  };
}
