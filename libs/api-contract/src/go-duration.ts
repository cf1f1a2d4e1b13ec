const MS_OF_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/**
 * Reads a duration in Go's notation, e.g. `5s`, `2m0s`, `1h30m` (Go, `time.ParseDuration`), as milliseconds.
 *
 * @throws {SyntaxError} when the text is none
 */
export function parseGoDuration(text: string): number {
  if (text.length > 100 || !DURATION.test(text)) throw new SyntaxError('expected a duration such as 30s or 2m0s');
  const sign = text.startsWith('-') ? -1 : 1;
  let durationMs = 0;
  for (const [, amount, unit = ''] of text.matchAll(PART)) durationMs += Number(amount) * (MS_OF_UNIT[unit] ?? 0);
  return sign * durationMs;
}

/** Writes milliseconds in Go's notation: `0s`, `1.5s`, `2m0s`, `1h0m0s`; below a second in `ms`. */
export function formatGoDuration(durationMs: number): string {
  if (durationMs < 0) return `-${formatGoDuration(-durationMs)}`;
  if (durationMs > 0 && durationMs < 1000) return `${durationMs}ms`;
  const totalSeconds = durationMs / 1000;
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor((totalSeconds % 3600) / 60);
  const seconds = Number((totalSeconds % 60).toFixed(3));
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
