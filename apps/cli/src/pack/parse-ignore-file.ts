import { cleanPath, trimAsGo } from './go-text.js';

function patternFromLine(line: string): string | undefined {
  // Only a "#" in the very first column makes a comment.
  if (line.startsWith('#')) return undefined;
  const trimmed = trimAsGo(line);
  if (trimmed === '') return undefined;
  const isException = trimmed.startsWith('!');
  const body = isException ? trimAsGo(trimmed.slice(1)) : trimmed;
  const clean = body === '' ? '' : cleanPath(body);
  const relative = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
  return isException ? `!${relative}` : relative;
}

/**
 * Reads the text of a `.dockerignore` to its patterns, in order, as Docker does (`moby/patternmatcher`,
 * `ignorefile/ignorefile.go`): a byte order mark is dropped, `#` in the first column starts a comment, white space around
 * a pattern is removed, paths are cleaned and a leading slash means nothing.
 */
export function parseIgnoreFile(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => patternFromLine(line.replace(/\r$/, '')))
    .filter((pattern) => pattern !== undefined);
}
