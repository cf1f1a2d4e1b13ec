/** A file, folder or link of a source, as fsutil announces it (tonistiigi/fsutil `types/stat.proto`). */
export interface FileEntry {
  /** Relative, with `/`, without one at either end. */
  readonly path: string;
  /** Go's `os.FileMode`: permission bits, and type bits such as {@link GO_MODE}. */
  readonly mode: number;
  /** Bytes; of a link the length of its target, of a folder 0. */
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modTimeNs: bigint;
  /** Target of a symbolic link; `''` for anything else. */
  readonly linkTarget: string;
}

/** The type and special bits of Go's `os.FileMode` that files of a source can have. */
export const GO_MODE = {
  folder: 2 ** 31,
  symlink: 2 ** 27,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
} as const;

/** Files that can be synced to buildkitd. */
export interface FileSource {
  /** Everything, in fsutil's order: see {@link compareEntryPaths}. Parents come before what is in them. */
  readonly entries: readonly FileEntry[];
  readonly find: (path: string) => FileEntry | undefined;
  /** Reads a file's content in pieces. */
  readonly read: (entry: FileEntry) => AsyncIterable<Buffer>;
}

/** Tells whether an entry is a folder. */
export function isFolder({ mode }: FileEntry): boolean {
  return Math.floor(mode / GO_MODE.folder) % 2 === 1;
}

/** Tells whether an entry is a symbolic link. */
export function isSymlink({ mode }: FileEntry): boolean {
  return Math.floor(mode / GO_MODE.symlink) % 2 === 1;
}

/** Tells whether an entry is a plain file, the only kind whose content may be asked for. */
export function isFile(entry: FileEntry): boolean {
  return !isFolder(entry) && !isSymlink(entry);
}

const SLASH = '/'.charCodeAt(0);

const orderingBytes = (path: string) => Buffer.from(path.replaceAll('/', '\0'));

/**
 * Orders paths as a walk meets them: a folder, then what is in it, names by their UTF-8 bytes. It is the order of the
 * bytes with `/` as the lowest.
 */
export function compareEntryPaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    if (x === SLASH) return -1;
    if (y === SLASH) return 1;
    // UTF-16 orders as UTF-8 does, but for surrogates.
    const isSurrogate = (x & 0xf800) === 0xd800 || (y & 0xf800) === 0xd800;
    return isSurrogate ? Buffer.compare(orderingBytes(a), orderingBytes(b)) : x - y;
  }
  return a.length - b.length;
}
