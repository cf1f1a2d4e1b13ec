import { setImmediate } from 'node:timers/promises';

/** What nobody notices who waits for the event loop. */
const SLICE_MS = 10;

/** What bounds work in slices. */
export interface SliceOptions {
  /** Of the work alone, without what runs between. */
  readonly maxMs: number;
  readonly signal: AbortSignal;
}

/**
 * Does long work slice by slice, from one `yield` to another; between the slices everybody else has the event loop.
 *
 * @throws {RangeError} when it takes longer than it may
 */
export async function runInSlices<T>(work: Generator<void, T>, { maxMs, signal }: SliceOptions): Promise<T> {
  for (let leftMs = maxMs; ; ) {
    const startedAt = performance.now();
    let tookMs = 0;
    for (; tookMs < SLICE_MS; tookMs = performance.now() - startedAt) {
      const { done, value } = work.next();
      if (done === true) return value;
    }
    leftMs -= tookMs;
    if (leftMs < 0) throw new RangeError(`it takes longer than ${maxMs / 1000} seconds`);
    await setImmediate();
    signal.throwIfAborted();
  }
}
