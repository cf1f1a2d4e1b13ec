/**
 * Waits for an answer unless a signal is aborted before it comes. What was asked goes on: the caller has to know that it ends.
 *
 * @throws the reason of the signal, or what the answer was rejected with
 */
export async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<void>((resolve) => {
    abort = resolve;
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([aborted, answer]);
    signal.throwIfAborted();
    return await answer;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
