import { posix } from 'node:path';

import { compareEntryPaths, type FileSource, isSymlink } from './file-source.js';
import { compilePathPattern, hasWildcards } from './path-pattern.js';

/** A chain of links longer than this leads nowhere. */
const MAX_DEPTH = 255;

function childNames(source: FileSource, folder: string): string[] {
  const prefix = folder === '.' ? '' : `${folder}/`;
  return source.entries
    .filter(({ path }) => path.startsWith(prefix) && path.length > prefix.length && !path.includes('/', prefix.length))
    .map(({ path }) => path.slice(prefix.length));
}

/** Where the link (or the links that a wildcard meets) at a path leads; `undefined` when there is none. */
function* readLinks(source: FileSource, path: string): Generator<void, string[] | undefined> {
  const name = posix.basename(path);
  if (!hasWildcards(name)) return readLink(source, path);
  const folder = posix.dirname(path);
  const matches = compilePathPattern(name);
  const links: string[] = [];
  for (const child of childNames(source, folder)) {
    yield;
    if (matches(child)) links.push(...(readLink(source, posix.join(folder, child)) ?? []));
  }
  return links.length === 0 ? undefined : links;
}

function readLink(source: FileSource, path: string): string[] | undefined {
  const entry = source.find(path);
  if (entry === undefined || !isSymlink(entry)) return undefined;
  return [posix.join('/', posix.isAbsolute(entry.linkTarget) ? '' : posix.dirname(path), entry.linkTarget)];
}

function* follow(source: FileSource, resolved: Set<string>, path: string, depth = 0): Generator<void> {
  if (depth > MAX_DEPTH) return;
  const parts = posix.join('.', path).replace(/\/$/, '').split('/');
  let current = '.';
  for (const [index, part] of parts.entries()) {
    yield;
    current = posix.join(current, part);
    const targets = yield* readLinks(source, current);
    const isLast = index === parts.length - 1;
    if ((isLast || targets !== undefined) && resolved.has(current)) return;
    if (targets !== undefined) {
      resolved.add(current);
      const rest = parts.slice(index + 1).join('/');
      for (const target of targets) yield* follow(source, resolved, posix.join(target, rest), depth + 1);
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
export function* followPaths(source: FileSource, paths: readonly string[]): Generator<void, string[] | undefined> {
  const resolved = new Set<string>();
  for (const path of paths) yield* follow(source, resolved, path);
  if (resolved.has('.')) return undefined;
  const included: string[] = [];
  for (const path of [...resolved].sort(compareEntryPaths)) {
    const last = included.at(-1);
    if (last === undefined || !path.startsWith(`${last}/`)) included.push(path);
  }
  return included;
}
