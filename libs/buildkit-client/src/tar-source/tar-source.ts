import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';

import { type FileSource, isFile, isFolder, isSymlink } from '../file-sync/file-source.js';
import type { IndexedEntry } from './tar-index.js';

const READ_BYTES = 256 * 1024;
/** As the kernel has it (path_resolution(7)). */
const MAX_LINKS = 40;

/** What is at a path of a source. */
export interface SourceStat {
  /** `outside` when a link leads out of the source. */
  readonly type: 'file' | 'folder' | 'outside';
  readonly size: number;
  /** Its path without links; `.` for the source itself. */
  readonly path: string;
}

/** A source in a spooled tar. Nothing of it is ever unpacked. */
export interface TarSource extends FileSource {
  /** Tells what is at a path, links followed; `undefined` for nothing. */
  readonly stat: (path: string) => SourceStat | undefined;
  /**
   * Reads a file, links followed inside the source; `undefined` when there is none.
   *
   * @throws {RangeError} when it is larger than `maxBytes`
   */
  readonly readFile: (path: string, options: { maxBytes: number }) => Promise<Buffer | undefined>;
  /** The part of the source below a folder; `.` for all of it. */
  readonly subfolder: (path: string) => FileSource;
  /** Closes the spooled tar. */
  readonly close: () => Promise<void>;
}

type Index = ReadonlyMap<string, IndexedEntry>;

/** What links do that lead out of the source. */
const leadsOut = (folder: string, target: string) =>
  posix.isAbsolute(target) || posix.join(folder, target).split('/')[0] === '..';

/**
 * Follows links as if the source were the root of everything. `''` is the source itself; `onOutside` is told when a link
 * leads out of it.
 */
function resolve(
  index: Index,
  path: string,
  { links = 0, onOutside = () => {} }: { links?: number; onOutside?: () => void } = {},
): string | undefined {
  let current = '';
  const parts = posix
    .join('/', path)
    .split('/')
    .filter((part) => part !== '');
  for (const [position, part] of parts.entries()) {
    const next = current === '' ? part : `${current}/${part}`;
    const entry = index.get(next);
    if (entry === undefined) return undefined;
    if (isSymlink(entry)) {
      if (links === MAX_LINKS) return undefined;
      if (leadsOut(current, entry.linkTarget)) onOutside();
      const folder = posix.isAbsolute(entry.linkTarget) ? '' : current;
      const rest = [folder, entry.linkTarget, ...parts.slice(position + 1)].join('/');
      return resolve(index, rest, { links: links + 1, onOutside });
    }
    current = next;
  }
  return current;
}

async function* readSpool(spool: FileHandle, offset: number, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, size - at));
    const { bytesRead } = await spool.read(buffer, 0, buffer.length, offset + at);
    if (bytesRead === 0) throw new Error('Cannot read spooled source: it is shorter than its index');
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function createSubfolder(whole: FileSource, index: Index, folder: string): FileSource {
  const prefix = `${folder}/`;
  const inner = whole.entries
    .filter(({ path }) => path.startsWith(prefix))
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
  const byPath = new Map(inner.map((entry) => [entry.path, entry]));
  const outer = (path: string) => index.get(prefix + path);
  return {
    entries: inner,
    find: (path) => byPath.get(path),
    read: (entry) => whole.read(outer(entry.path) ?? entry),
  };
}

/** Opens a spooled tar with its index. */
export async function openTarSource(spoolFile: string, entries: readonly IndexedEntry[]): Promise<TarSource> {
  const spool = await open(spoolFile, 'r');
  const index: Index = new Map(entries.map((entry) => [entry.path, entry]));
  const find = (path: string) => index.get(path);
  const read = ({ path }: { path: string }) => {
    const { offset, size } = find(path) ?? { offset: 0, size: 0 };
    return readSpool(spool, offset, size);
  };
  const whole: FileSource = { entries, find, read };
  return {
    ...whole,
    stat: (path) => {
      let isOutside = false;
      const onOutside = () => {
        isOutside = true;
      };
      const resolved = resolve(index, path, { onOutside });
      if (isOutside) return { type: 'outside', size: 0, path };
      if (resolved === undefined) return undefined;
      const entry = find(resolved);
      if (entry === undefined || isFolder(entry)) return { type: 'folder', size: 0, path: resolved || '.' };
      return { type: 'file', size: entry.size, path: resolved };
    },
    readFile: async (path, { maxBytes }) => {
      const entry = find(resolve(index, path) ?? '');
      if (entry === undefined || !isFile(entry)) return undefined;
      if (entry.size > maxBytes) throw new RangeError(`Cannot read "${path}": it is larger than ${maxBytes} bytes`);
      const pieces: Buffer[] = [];
      for await (const piece of read(entry)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    subfolder: (path) => {
      const folder = resolve(index, path);
      return folder === undefined || folder === '' ? whole : createSubfolder(whole, index, folder);
    },
    close: () => spool.close(),
  };
}
