import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import type { AlwaysSent } from './always-sent.js';
import { explainFileError } from './explain-file-error.js';
import type { IgnoreRules, RuleMatches } from './ignore-rules.js';
import type { SourceEntry } from './source-entry.js';

/** What decides about the files of a source folder. */
export interface ListOptions {
  readonly rules: IgnoreRules;
  readonly alwaysSent: AlwaysSent;
  /** Called for what no archive can carry (sockets, pipes, devices). */
  readonly warn: (message: string) => void;
}

interface Folder {
  readonly path: string;
  readonly matches: RuleMatches | undefined;
}

function kindOf(stats: Stats): SourceEntry['kind'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : undefined;
}

function entryFromStats(
  absolutePath: string,
  path: string,
  { stats, kind }: { stats: Stats; kind: SourceEntry['kind'] },
) {
  return {
    kind,
    path,
    mode: stats.mode & 0o7777,
    userId: stats.uid,
    groupId: stats.gid,
    size: kind === 'file' ? stats.size : 0,
    modifiedSeconds: Math.max(0, Math.floor(stats.mtimeMs / 1000)),
    linkTarget: kind === 'symlink' ? readlinkSync(absolutePath) : '',
  };
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Lists one folder's children in a fixed order, each folder followed by what is below it. */
function* listFolder(root: string, folder: Folder, options: ListOptions): Generator<SourceEntry> {
  for (const name of readdirSync(`${root}/${folder.path}`).toSorted(compareText)) {
    const path = folder.path === '' ? name : `${folder.path}/${name}`;
    try {
      yield* listOne(root, { path, matches: folder.matches }, options);
    } catch (error) {
      throw explainFileError(path, error);
    }
  }
}

function* listOne(
  root: string,
  { path, matches: parentMatches }: Folder,
  options: ListOptions,
): Generator<SourceEntry> {
  const { isIgnored, matches } = options.rules.judge(path, parentMatches);
  const absolutePath = `${root}/${path}`;
  const stats = lstatSync(absolutePath);
  const kind = kindOf(stats);
  if (kind === undefined) {
    if (!isIgnored) options.warn(`"${path}" is not sent: it is neither a file, a folder nor a symlink`);
    return;
  }
  const isSent = !isIgnored || (kind !== 'folder' && options.alwaysSent.includes(path));
  const entry = entryFromStats(absolutePath, path, { stats, kind });
  if (isSent) yield entry;
  if (kind !== 'folder') return;
  if (!isIgnored) yield* listFolder(root, { path, matches }, options);
  else if (mayHoldSent(path, options)) yield* withFolder(entry, listFolder(root, { path, matches }, options));
}

function mayHoldSent(folder: string, { rules, alwaysSent }: ListOptions): boolean {
  return rules.mayContainException(folder) || alwaysSent.mayBeBelow(folder);
}

/** An ignored folder appears only when something below it does. */
function* withFolder(folder: SourceEntry, children: Iterable<SourceEntry>): Generator<SourceEntry> {
  let isFirst = true;
  for (const child of children) {
    if (isFirst) yield folder;
    isFirst = false;
    yield child;
  }
}

/**
 * Lists what a source folder sends, sorted, folders before their content. Nothing is followed and nothing is read but
 * names and attributes. An ignored folder is entered only when something below it may be sent all the same.
 *
 * @throws {Error} naming the path that could not be read
 */
export function listSource(root: string, options: ListOptions): SourceEntry[] {
  return [...listFolder(root, { path: '', matches: undefined }, options)];
}
