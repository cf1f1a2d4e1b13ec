import { compareEntryPaths, type FileEntry, GO_MODE, isFile, isFolder } from '../file-sync/file-source.js';
import type { TarEntry } from './read-tar.js';
import type { TarLimits } from './tar-limits.js';
import { TarSourceError } from './tar-source-error.js';

/** A file's entry with the place of its content in the spooled tar. */
export interface IndexedEntry extends FileEntry {
  readonly offset: number;
}

const NS_PER_SECOND = 1_000_000_000n;
const MAX_SECONDS = 2 ** 33;

function cleanPath(path: string, limits: TarLimits): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/')) throw new TarSourceError('unsafe', `"${path}" is an absolute path`);
  if (parts.includes('..')) throw new TarSourceError('unsafe', `"${path}" leads out of the source`);
  if (path.includes('\0')) throw new TarSourceError('unsafe', 'a name contains a zero byte');
  const clean = parts.join('/');
  if (Buffer.byteLength(clean) > limits.maxPathBytes)
    throw new TarSourceError('too-large', `"${path.slice(0, 80)}…" is too long`);
  if (parts.length > limits.maxDepth) throw new TarSourceError('too-large', `"${path.slice(0, 80)}…" is too deep`);
  return clean;
}

const goPermissions = (mode: number) =>
  (mode & 0o777) +
  (mode & 0o4000 ? GO_MODE.setuid : 0) +
  (mode & 0o2000 ? GO_MODE.setgid : 0) +
  (mode & 0o1000 ? GO_MODE.sticky : 0);

const wholeSeconds = (mtime: number) => BigInt(Math.min(Math.max(Math.floor(mtime), 0), MAX_SECONDS)) * NS_PER_SECOND;

/**
 * buildkitd tells changed files by size and time, never by content, and archives often have normalised times. So the
 * content's hash stands in the nanoseconds. Image layers keep whole seconds: it never reaches an image.
 */
function fileTime({ mtime, contentHash }: TarEntry): bigint {
  return wholeSeconds(mtime) + BigInt(contentHash.readUInt32BE(0) % Number(NS_PER_SECOND));
}

/** Collects the entries of a hostile archive into a tree that is safe to serve. */
export class TarIndex {
  readonly #limits: TarLimits;
  readonly #entries = new Map<string, IndexedEntry>();
  #nameLength = 0;

  constructor(limits: TarLimits) {
    this.#limits = limits;
  }

  /** @throws {TarSourceError} for what no source needs: absolute paths, `..`, devices, links to what is not there */
  add(entry: TarEntry): void {
    const path = cleanPath(entry.path, this.#limits);
    if (path === '') return;
    const common = { path, offset: 0, size: 0, linkTarget: '', modTimeNs: wholeSeconds(entry.mtime) };
    const mode = goPermissions(entry.mode);
    switch (entry.type) {
      case '0':
        return this.#set({ ...common, mode, size: entry.size, offset: entry.offset, modTimeNs: fileTime(entry) });
      case '1':
        return this.#set({ ...this.#hardLinkTarget(entry), path });
      case '2':
        return this.#set({ ...common, mode: 0o777 + GO_MODE.symlink, ...this.#linkTarget(entry) });
      case '5':
        return this.#set({ ...common, mode: mode + GO_MODE.folder });
      default:
        throw new TarSourceError('unsafe', `"${path}" is neither a file, a folder nor a link`);
    }
  }

  /** All entries in order, with the folders that the archive left out. */
  finish(): IndexedEntry[] {
    for (const path of [...this.#entries.keys()]) this.#addParents(path);
    return [...this.#entries.values()].sort((a, b) => compareEntryPaths(a.path, b.path));
  }

  /** The last one of a name wins, as it does for tar. */
  #set(entry: IndexedEntry): void {
    const { maxEntries, maxNameLength } = this.#limits;
    this.#nameLength += entry.path.length + entry.linkTarget.length;
    if (this.#nameLength > maxNameLength)
      throw new TarSourceError('too-large', `its names have more than ${maxNameLength} characters`);
    this.#entries.set(entry.path, entry);
    if (this.#entries.size > maxEntries)
      throw new TarSourceError('too-large', `more than ${maxEntries} entries, with the folders that they are in`);
  }

  #linkTarget({ path, linkTarget }: TarEntry): Pick<IndexedEntry, 'linkTarget' | 'size'> {
    const size = Buffer.byteLength(linkTarget);
    if (size > this.#limits.maxPathBytes)
      throw new TarSourceError('too-large', `"${path}" is a link to a path that is too long`);
    return { linkTarget, size };
  }

  #hardLinkTarget({ path, linkTarget }: TarEntry): IndexedEntry {
    const target = this.#entries.get(cleanPath(linkTarget, this.#limits));
    if (target === undefined || !isFile(target)) {
      throw new TarSourceError('unsafe', `"${path}" is a hard link to "${linkTarget}", which is not a file before it`);
    }
    return target;
  }

  /** Up to the first one that is there: those above it are added in its own turn. */
  #addParents(path: string): void {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      const entry = this.#entries.get(parent);
      if (entry !== undefined && !isFolder(entry))
        throw new TarSourceError('unsafe', `"${path}" lies inside "${parent}", which is not a folder`);
      if (entry !== undefined) return;
      this.#set({ path: parent, mode: 0o755 + GO_MODE.folder, size: 0, offset: 0, linkTarget: '', modTimeNs: 0n });
    }
  }
}
