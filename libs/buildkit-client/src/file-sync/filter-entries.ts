import { type FileEntry, type FileSource, isFolder } from './file-source.js';
import { followPaths } from './follow-paths.js';
import { createPathMatcher, type MatchMemory, type PathMatcher } from './path-matcher.js';

/** What buildkitd asks for. */
export interface EntryFilter {
  readonly includePatterns: readonly string[];
  readonly excludePatterns: readonly string[];
  readonly followPaths: readonly string[];
}

interface OpenFolder {
  readonly entry: FileEntry;
  readonly included: MatchMemory | undefined;
  readonly excluded: MatchMemory | undefined;
  isSent: boolean;
}

function* includeMatcher(source: FileSource, filter: EntryFilter): Generator<void, PathMatcher | undefined> {
  const followed = filter.followPaths.length === 0 ? undefined : yield* followPaths(source, filter.followPaths);
  const patterns = [...filter.includePatterns, ...(followed ?? [])];
  return patterns.length === 0 ? undefined : createPathMatcher(patterns);
}

/**
 * Chooses what is sent (tonistiigi/fsutil `filterFS.Walk`): what the include patterns match and the exclude patterns do
 * not, and the folders above it, in the source's order. Patterns and paths are a stranger's, and the work is long: it may
 * be interrupted at each `yield`.
 *
 * @throws {SyntaxError} for a bad pattern
 */
export function* filterEntries(source: FileSource, filter: EntryFilter): Generator<void, FileEntry[]> {
  const include = yield* includeMatcher(source, filter);
  const exclude = filter.excludePatterns.length === 0 ? undefined : createPathMatcher(filter.excludePatterns);
  if (include === undefined && exclude === undefined) return [...source.entries];

  const match = (path: string, parent?: OpenFolder) => {
    const included = include?.match(path, parent?.included);
    const excluded = exclude?.match(path, parent?.excluded);
    const isExcluded = excluded?.isMatch === true;
    const isChosen = included?.isMatch !== false && !isExcluded;
    return { isChosen, isExcluded, included: included?.memory, excluded: excluded?.memory };
  };
  const chosen: FileEntry[] = [];
  const folders: OpenFolder[] = [];
  let skippedPrefix: string | undefined;
  for (const entry of source.entries) {
    yield;
    if (skippedPrefix !== undefined && entry.path.startsWith(skippedPrefix)) continue;
    while (folders.length > 0 && !entry.path.startsWith(`${folders.at(-1)?.entry.path}/`)) folders.pop();
    const parent = folders.at(-1);
    const { isChosen, isExcluded, ...memories } = match(entry.path, parent);
    if (isChosen) chosen.push(...openFoldersToSend(folders), entry);
    if (!isFolder(entry)) continue;
    // Nothing in an excluded folder can come back when there are no exceptions.
    if (isExcluded && exclude?.hasExceptions === false) skippedPrefix = `${entry.path}/`;
    else folders.push({ entry, ...memories, isSent: isChosen });
  }
  return chosen;
}

/** The folders above a chosen entry that were not chosen themselves, each once. */
function openFoldersToSend(folders: readonly OpenFolder[]): FileEntry[] {
  const unsent = folders.filter((folder) => !folder.isSent);
  for (const folder of unsent) folder.isSent = true;
  return unsent.map((folder) => folder.entry);
}
