import { setTimeout as sleep } from 'node:timers/promises';

import { LineQueue } from './line-queue.js';
import { createLogLimit } from './log-limit.js';
import { type LongLine, openLongLine } from './long-line.js';
import type { SecretMasker } from './mask-secrets.js';
import { isSafe, sanitiseLine } from './sanitise-line.js';

const CHUNK_BYTES = 512 * 1024;
const FLUSH_AFTER_MS = 100;
const PAUSE_ABOVE_BYTES = 1024 * 1024;
const RETRY_AFTER_MS = 500;

/** Where a build's log goes and what bounds it. */
export interface BuildLogOptions {
  /**
   * Stores a chunk, once however often it is asked to store the same part; answers a sequence number, or `undefined` when
   * this attempt no longer owns the build.
   */
  readonly append: (bytes: Buffer, options: { part: number }) => Promise<number | undefined>;
  /** Tells readers that there is a new chunk. */
  readonly announce: (seq: number) => void;
  /** Called once when the log was refused because the build has another owner. */
  readonly onFenced: () => void;
  /** Told how many bytes were stored, and how many the limit dropped. */
  readonly onBytes: (result: 'stored' | 'dropped', bytes: number) => void;
  /** Knows the secrets that may not be in it. */
  readonly masker: SecretMasker;
  /** What is stored at most; what comes after is counted and dropped. */
  readonly maxBytes: number;
  /** Ends the retries of a store that does not answer. */
  readonly signal: AbortSignal;
}

/** The log of one attempt: lines in, chunks out, in order. */
export interface BuildLog {
  /** Adds one line (or several, split at line ends). Never blocks; see {@link BuildLog.ready}. */
  readonly line: (text: string) => void;
  /** Adds lines of output, each behind a prefix. None of them has a line end in it. */
  readonly lines: (prefix: string, texts: readonly string[]) => void;
  /** Adds lines of the rack's own, which the limit does not drop: how the attempt ended, and why. */
  readonly note: (text: string) => void;
  /** Begins a line that is too long to be held; it becomes several, each behind the prefix. */
  readonly longLine: (prefix: string) => LongLine;
  /** Takes the secrets out of a text that goes elsewhere. */
  readonly mask: (text: string) => string;
  /** Resolves when little enough is waiting to be stored that more may come: a flood waits here. */
  readonly ready: () => Promise<void>;
  /** Resolves when everything so far is stored. */
  readonly flush: () => Promise<void>;
  /** Says how much the limit dropped, if anything, and stores what is left. */
  readonly end: () => Promise<void>;
}

/** Stores and announces a chunk, however long it takes; `false` when the build has another owner. */
async function storeChunk(chunk: Buffer, part: number, options: BuildLogOptions): Promise<boolean> {
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

/** Takes out of a line what no reader may get. */
function cleanLine(line: string, { mask }: SecretMasker): string {
  const clean = sanitiseLine(line);
  // A secret may have something in it that is cleaned away, and may be there only after it was.
  return mask(clean === line ? line : sanitiseLine(mask(line)));
}

function cleanLines(text: string, masker: SecretMasker): string[] {
  if (!/[\r\n]/.test(text)) return [cleanLine(text, masker)];
  // A secret may go over several lines.
  const lines = masker.mask(text).split(/\r\n|\n|\r/);
  return lines.map((line) => cleanLine(line, masker));
}

/** Opens the log of an attempt. Bytes are stored in batches, at the latest 100 ms after they were written. */
export function createBuildLog(options: BuildLogOptions): BuildLog {
  const queue = new LineQueue(CHUNK_BYTES);
  const limit = createLogLimit({ maxBytes: options.maxBytes, say: (line) => queue.add(line) });
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

  function add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (limit.takes(bytes)) queue.add(line);
    else options.onBytes('dropped', bytes);
  }

  /** What needs no cleaning, as nearly all output does not, is looked at and stored as one. */
  function addLines(prefix: string, texts: readonly string[]): void {
    if (texts.length === 0) return;
    const text = prefix + texts.join(`\n${prefix}`);
    const bytes = Buffer.byteLength(text) + 1;
    const isClean = isSafe(text) && options.masker.find(text).length === 0;
    if (!isClean || !limit.hasRoom(bytes)) {
      return accept(texts.map((line) => cleanLine(prefix + line, options.masker)));
    }
    limit.takes(bytes);
    accept([text], (lines) => queue.add(lines));
  }

  /** Somebody waits: a batch that is still being gathered goes now. */
  function hurry(): Promise<void> {
    pause.abort();
    return start(0);
  }

  async function flush(): Promise<void> {
    while (queue.bytes > 0 || running !== undefined) await hurry();
  }

  function accept(lines: readonly string[], take = add): void {
    for (const line of lines) take(line);
    // The failure is met again by whoever waits: ready(), flush() or end().
    if (queue.bytes > 0) start(queue.bytes < CHUNK_BYTES ? FLUSH_AFTER_MS : 0).catch(() => {});
  }

  return {
    note: (text) => {
      limit.report();
      accept(cleanLines(text, options.masker), (line) => queue.add(line));
    },
    line: (text) => accept(cleanLines(text, options.masker)),
    lines: addLines,
    mask: options.masker.mask,
    longLine: (prefix) => openLongLine(options.masker, (line) => accept([`${prefix}${line}`])),
    flush,
    ready: async () => {
      while (queue.bytes > PAUSE_ABOVE_BYTES && !isFenced) await hurry();
    },
    end: async () => {
      limit.report();
      await flush();
    },
  };
}
