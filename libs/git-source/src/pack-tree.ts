import { type FileTimes, openFileTimes } from './file-times.js';
import { GitError } from './git-error.js';
import { readBlobs } from './read-blobs.js';
import { readTree, type TreeEntry } from './read-tree.js';
import type { GitCall } from './run-git.js';
import { tarHeader, tarPadding } from './tar-entry.js';

/** What of a commit is packed. */
export interface PackTreeOptions {
  readonly commit: string;
  readonly committedAt: number;
  /** The folder that becomes the root; `''` for all. */
  readonly subdir: string;
  /** Where it comes to stand: `''`, or a path with a slash at its end. */
  readonly prefix: string;
  /** Of all files together. */
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Told of what stays out: the content of a submodule (its path and commit). */
  readonly onSubmodule: (path: string, commit: string) => void;
  /** Told of files whose content is in Git LFS. */
  readonly onLfsPointer: (path: string) => void;
}

const [SYMLINK, SUBMODULE, EXECUTABLE] = ['120000', '160000', '100755'];
/** Longest target that Linux takes (`PATH_MAX`). */
const MAX_LINK_BYTES = 4096;
/** Git LFS, specification of pointer files: smaller than 1024 bytes, and begins so. */
const MAX_POINTER_BYTES = 1024;
const POINTER_START = Buffer.from('version https://git-lfs.github.com/spec/');

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function listBlobs(
  options: PackTreeOptions,
  call: Omit<GitCall, 'args'>,
): Promise<{ blobs: TreeEntry[]; submodules: TreeEntry[] }> {
  const { maxBytes } = options;
  const [blobs, submodules]: [TreeEntry[], TreeEntry[]] = [[], []];
  let bytes = 0;
  for await (const entry of readTree(options, call)) {
    bytes += entry.size;
    if (bytes > maxBytes) throw new GitError('too-large', `the source has more than ${maxBytes} bytes`);
    if (entry.mode === SYMLINK && entry.size > MAX_LINK_BYTES) {
      throw new GitError('refused', `"${entry.path}" is a link to a path that is too long`);
    }
    (entry.mode === SUBMODULE ? submodules : blobs).push(entry);
  }
  return { blobs, submodules };
}

/** The pieces of a tar for one blob. */
async function* packBlob(
  { entry, content }: { entry: TreeEntry; content: AsyncIterable<Buffer> },
  times: FileTimes,
  { prefix, onLfsPointer }: PackTreeOptions,
): AsyncGenerator<Buffer> {
  const { mode, size } = entry;
  const path = prefix + entry.path;
  const mtime = times.timeOf(entry);
  if (mode === SYMLINK) {
    const linkTarget = (await collect(content)).toString('utf8');
    yield tarHeader({ path, type: '2', mode: 0o777, size: 0, mtime, linkTarget });
    return;
  }
  yield tarHeader({ path, type: '0', mode: mode === EXECUTABLE ? 0o755 : 0o644, size, mtime });
  if (size < MAX_POINTER_BYTES) {
    const bytes = await collect(content);
    if (bytes.subarray(0, POINTER_START.length).equals(POINTER_START)) onLfsPointer(path);
    yield bytes;
  } else yield* content;
  yield tarPadding(size);
}

/**
 * Packs a folder of a commit as a tar without its end: what was committed, byte for byte. `.gitattributes` does not
 * change it (no `export-ignore`, `export-subst`, filters or line endings), and there is no `.git` in it.
 *
 * @throws {GitError}
 */
export async function* packTree(options: PackTreeOptions, call: Omit<GitCall, 'args'>): AsyncGenerator<Buffer> {
  const { prefix, committedAt, onSubmodule } = options;
  const { blobs, submodules } = await listBlobs(options, call);
  const times = await openFileTimes(call.gitDir, committedAt);
  for (const { path, id } of submodules) {
    yield tarHeader({ path: `${prefix}${path}/`, type: '5', mode: 0o755, size: 0, mtime: committedAt });
    onSubmodule(path, id);
  }
  for await (const blob of readBlobs(blobs, call)) yield* packBlob(blob, times, options);
  await times.save();
}
