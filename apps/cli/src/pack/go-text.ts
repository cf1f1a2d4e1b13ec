import { posix } from 'node:path';

const SPACES = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const LEADING = new RegExp(`^${SPACES}`);
const TRAILING = new RegExp(`${SPACES}$`);

/** Trims as Go's `strings.TrimSpace`: unlike `trim()` it keeps a byte order mark and removes U+0085. */
export function trimAsGo(text: string): string {
  return text.replace(LEADING, '').replace(TRAILING, '');
}

/** Cleans a path as Go's `filepath.Clean` on Unix: no double slashes, no `.`, no trailing slash; `''` is `.`. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
