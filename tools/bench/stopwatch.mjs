/** The milliseconds that something takes, when not all of a round is to be timed. */
export async function stopwatch(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
