import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for an answer, but not longer than `timeoutMs`. What was asked goes on: the caller has to know that it ends.
 *
 * @throws {Error} when the time is over, or what the answer was rejected with
 */
export async function answerWithin<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`There was no answer within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
