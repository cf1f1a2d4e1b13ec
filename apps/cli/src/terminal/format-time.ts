const UNITS: readonly (readonly [string, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** Says how long ago a time was: `now`, `1 minute ago`; `''` for no time. Clocks that differ a little make `now`. */
export function formatAgo(time: Date | undefined, now = new Date()): string {
  if (time === undefined) return '';
  const seconds = Math.floor((now.getTime() - time.getTime()) / 1000);
  const [unit, unitSeconds] = UNITS.find(([, size]) => seconds >= size) ?? ['', 0];
  if (unitSeconds === 0) return 'now';
  const count = Math.floor(seconds / unitSeconds);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

/** Says how long something took: `17s`, `3m12s` (minutes go on beyond 59); `''` while it runs. */
export function formatElapsed(started: Date | undefined, ended: Date | undefined): string {
  if (started === undefined || ended === undefined) return '';
  return formatSeconds(Math.max(0, Math.floor((ended.getTime() - started.getTime()) / 1000)));
}

/** Writes whole seconds: `17s`, `3m12s` (minutes go on beyond 59). */
export function formatSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Writes a time in RFC 3339 without fractions; `''` for no time. */
export function formatRfc3339(time: Date | undefined): string {
  return time === undefined ? '' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Writes a number of bytes for people: `512 B`, `1.5 MB` (powers of ten). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? 'kB'}`;
}

/** Writes a time as requests of the Rack API have it: `20060102.150405.000000000`, in UTC. */
export function formatWireTime(time: Date): string {
  const digits = time.toISOString().replace(/[^\d]/g, '');
  return `${digits.slice(0, 8)}.${digits.slice(8, 14)}.${digits.slice(14)}000000`;
}
