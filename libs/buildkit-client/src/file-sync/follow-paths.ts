import { posix } from 'node:path';

import { compareEntryPaths, type FileSource, isSymlink } from './file-source.js';
import { compilePathPattern } from './path-pattern.js';

/** A chain of links longer than this leads nowhere. */
const MAX_DEPTH = 255;

const hasWildcards = (name: string) => /[*?[\\]/.test(name);

function childNames(source: FileSource, folder: string): string[] {
  const prefix = folder === '.' ? '' : `${folder}/`;
  return source.entries
    .filter(({ path }) => path.startsWith(prefix) && path.length > prefix.length && !path.includes('/', prefix.length))
    .map(({ path }) => path.slice(prefix.length));
}

/** Where the link (or the links that a wildcard meets) at a path leads; `undefined` when there is none. */
function readLinks(source: FileSource, path: string, mayGlob: boolean): string[] | undefined {
  const name = posix.basename(path);
  if (mayGlob && hasWildcards(name)) {
    const folder = posix.dirname(path);
    const matches = compilePathPattern(name);
    const links = childNames(source, folder)
      .filter(matches)
      .flatMap((child) => readLinks(source, posix.join(folder, child), false) ?? []);
    return links.length === 0 ? undefined : links;
  }
  const entry = source.find(path);
  if (entry === undefined || !isSymlink(entry)) return undefined;
  return [posix.join('/', posix.isAbsolute(entry.linkTarget) ? '' : posix.dirname(path), entry.linkTarget)];
}

function follow(source: FileSource, resolved: Set<string>, path: string, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  const parts = posix.join('.', path).split('/');
  let current = '.';
  for (const [index, part] of parts.entries()) {
    current = posix.join(current, part);
    const rest = parts.slice(index + 1).join('/');
    const targets = readLinks(source, current, true);
    if ((rest === '' || targets !== undefined) && resolved.has(current)) return;
    if (targets !== undefined) {
      resolved.add(current);
      for (const target of targets) follow(source, resolved, posix.join(target, rest), depth + 1);
      return;
    }
  }
  resolved.add(current);
}

/**
 * Resolves the links in the paths that buildkitd wants, step by step and inside the source (tonistiigi/fsutil
 * `FollowLinks`): a link's own path is wanted, and what it leads to.
 *
 * @returns paths to include; `undefined` when everything is wanted
 */
export function followPaths(source: FileSource, paths: readonly string[]): string[] | undefined {
  const resolved = new Set<string>();
  for (const path of paths) follow(source, resolved, path);
  if (resolved.has('.')) return undefined;
  const included: string[] = [];
  for (const path of [...resolved].sort(compareEntryPaths)) {
    const last = included.at(-1);
    if (last === undefined || !path.startsWith(`${last}/`)) included.push(path);
  }
  return included;
}
