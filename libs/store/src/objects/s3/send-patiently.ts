import { setTimeout as sleep } from 'node:timers/promises';

import { ObjectStorageError } from '../object-storage-error.js';
import { explainS3Error, isPassing } from './s3-error.js';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** A part of 8 MiB at 2 Mbit/s takes half of it. */
const ANSWER_WITHIN_MS = 60_000;

/** How a request is made. */
export interface SendOptions {
  /** For the message: `store object "web/x"`. */
  readonly action: string;
  /** How long a request is repeated while S3 is away. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Makes a request once; it is broken off when it is not answered in time. */
async function sendOnce<T>(
  send: (signal: AbortSignal) => Promise<T>,
  { signal, withinMs }: { signal: AbortSignal | undefined; withinMs: number },
): Promise<T> {
  const controller = new AbortController();
  const seconds = Math.round(withinMs / 1000);
  const late = () => controller.abort(new ObjectStorageError('unreachable', `S3 did not answer for ${seconds} s`));
  const timer = setTimeout(late, withinMs);
  const stop = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    return await send(controller.signal);
  } catch (error) {
    // The SDK's own error says only that it was aborted.
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Makes a request until it is answered: again and again, ever more slowly, while S3 is away or says that it is busy.
 *
 * @throws {ObjectStorageError} when S3 refuses, or is away for too long; the signal's reason when it is aborted
 */
export async function sendPatiently<T>(send: (signal: AbortSignal) => Promise<T>, options: SendOptions): Promise<T> {
  const { action, patienceMs, signal } = options;
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
    try {
      return await sendOnce(send, { signal, withinMs: Math.min(ANSWER_WITHIN_MS, patienceMs) });
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || performance.now() + pauseMs > deadline) throw explainS3Error(action, error);
    }
    // Apart, so that those who were refused together do not come together again.
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
  }
}
