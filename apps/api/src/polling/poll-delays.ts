const JITTER = 0.2;
const MAX_RETRY_MS = 3_600_000;
const [FIRST_SILENCE_MS, MAX_SILENCE_MS] = [30_000, 900_000];

/** Spread, so that what was added together is not asked for together. */
const spread = (ms: number) => Math.round(ms * (1 + JITTER * (Math.random() * 2 - 1)));

/** When a repository is looked at next: later and later while it fails. */
export function findNextPollMs(everyMs: number, failures = 0): number {
  const longest = Math.max(everyMs, MAX_RETRY_MS);
  return spread(Math.min(everyMs * 2 ** Math.min(failures, 30), longest));
}

/** For how long a server is left alone that did not answer so many times in a row. */
export function findSilenceMs(failures: number): number {
  return spread(Math.min(FIRST_SILENCE_MS * 2 ** Math.min(failures - 1, 30), MAX_SILENCE_MS));
}
