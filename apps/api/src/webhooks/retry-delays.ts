const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** After each try that failed; after the last one it is given up, most of a day after the event. */
const DELAYS_MS = [10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
const JITTER = 0.2;

/** When a delivery is tried again after so many tries; `undefined`: never. Spread, so that a backlog does not come at once. */
export function findRetryDelayMs(tries: number): number | undefined {
  const delayMs = DELAYS_MS[tries - 1];
  return delayMs === undefined ? undefined : Math.round(delayMs * (1 + JITTER * (Math.random() * 2 - 1)));
}
