/** Whether the layers of an app are put into its registry cache: when it pays, always, or never (nor read from there). */
export const CACHE_MODES = ['auto', 'always', 'off'] as const;

/** One of {@link CACHE_MODES}. */
export type CacheMode = (typeof CACHE_MODES)[number];

/** What is known when an image has been built. Times are milliseconds. */
export interface CacheSituation {
  readonly mode: CacheMode;
  /** Built with everything anew: a second solve would build it all again. */
  readonly isNoCache: boolean;
  /** What the steps took that were run since the last export, this build's among them: what a cold disk would repeat. */
  readonly unexportedMs: number;
  /** How long the last export took; `undefined` before the first. */
  readonly lastExportMs: number | undefined;
  /** How often this image was built, and on how many of these times the disk was cold. */
  readonly builds: number;
  readonly coldBuilds: number;
  /** Workers of the rack now. */
  readonly workers: number;
}

/** What to do, and why, in words that a person understands. */
export interface CacheDecision {
  readonly isExported: boolean;
  readonly reason: string;
}

/** Nobody waits for an export: a second of it is worth a tenth of one that somebody waits for. */
const EXPORT_WORTH = 0.1;
/** The first one is guessed. */
const FIRST_EXPORT_MS = 3000;
/** Before there is a history: with one worker the disk is lost now and then, with several a build may go to another one. */
const COLD_CHANCE = { one: 0.05, several: 0.3 };
/** As many builds as the guess counts for. */
const GUESS_WEIGHT = 5;

function coldChance({ builds, coldBuilds, workers }: CacheSituation): number {
  const guess = workers > 1 ? COLD_CHANCE.several : COLD_CHANCE.one;
  // The first build finds a cold disk always, and no cache would have helped it.
  const [seen, cold] = [Math.max(0, builds - 1), Math.max(0, coldBuilds - 1)];
  return (cold + guess * GUESS_WEIGHT) / (seen + GUESS_WEIGHT);
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Decides whether an export pays: what it would save on a cold disk, by the chance of one, against what it costs. */
export function chooseCacheExport(situation: CacheSituation): CacheDecision {
  const { mode, isNoCache, unexportedMs, lastExportMs } = situation;
  const skip = (reason: string): CacheDecision => ({ isExported: false, reason });
  if (mode === 'off') return skip('the layer cache is off');
  if (isNoCache) return skip('it was built without cache');
  if (unexportedMs <= 0) return skip('no layer has changed');
  if (mode === 'always') return { isExported: true, reason: 'it is always exported' };
  const savedMs = unexportedMs * coldChance(situation);
  const costMs = (lastExportMs ?? FIRST_EXPORT_MS) * EXPORT_WORTH;
  const sums = `${seconds(unexportedMs)} of work, at a chance of ${Math.round(coldChance(situation) * 100)} % that it is needed`;
  return savedMs >= costMs ? { isExported: true, reason: `it pays: ${sums}` } : skip(`it does not pay: ${sums}`);
}
