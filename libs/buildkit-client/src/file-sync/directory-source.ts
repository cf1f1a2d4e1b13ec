import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import { compareEntryPaths, type FileEntry, type FileSource, GO_MODE } from './file-source.js';

const CHUNK_BYTES = 256 * 1024;

/** Turns the mode of stat(2) into Go's; `undefined` for sockets, pipes and devices, which no build needs. */
function goModeFromStat(mode: number): number | undefined {
  const special =
    ((mode & 0o4000) === 0 ? 0 : GO_MODE.setuid) +
    ((mode & 0o2000) === 0 ? 0 : GO_MODE.setgid) +
    ((mode & 0o1000) === 0 ? 0 : GO_MODE.sticky);
  const permissions = (mode & 0o777) + special;
  const type = mode & 0o170000;
  if (type === 0o100000) return permissions;
  if (type === 0o040000) return permissions + GO_MODE.folder;
  return type === 0o120000 ? permissions + GO_MODE.symlink : undefined;
}

async function readEntry(folder: string, path: string): Promise<FileEntry | undefined> {
  const file = join(folder, path);
  const stat = await lstat(file, { bigint: true });
  const mode = goModeFromStat(Number(stat.mode));
  if (mode === undefined) return undefined;
  const linkTarget = stat.isSymbolicLink() ? await readlink(file) : '';
  return { path, mode, size: stat.isDirectory() ? 0 : Number(stat.size), modTimeNs: stat.mtimeNs, linkTarget };
}

async function walk(folder: string, path: string, entries: FileEntry[]): Promise<void> {
  const names = await readdir(join(folder, path));
  const found = await Promise.all(names.map((name) => readEntry(folder, path === '' ? name : `${path}/${name}`)));
  for (const entry of found) {
    if (entry === undefined) continue;
    entries.push(entry);
    if (entry.mode >= GO_MODE.folder) await walk(folder, entry.path, entries);
  }
}

/** Reads a folder's tree, once. Its files are read when they are asked for; links are sent as links. */
export async function createDirectorySource(folder: string): Promise<FileSource> {
  const entries: FileEntry[] = [];
  await walk(folder, '', entries);
  entries.sort((a, b) => compareEntryPaths(a.path, b.path));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    entries,
    find: (path) => byPath.get(path),
    read: ({ path }) => createReadStream(join(folder, path), { highWaterMark: CHUNK_BYTES }),
  };
}
