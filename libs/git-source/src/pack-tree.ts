import { createReadStream } from 'node:fs';

import { encodeTarHeader, type TarEntryFields, tarPadding } from '@convox-builds/tar';

import { type FileTimes, openFileTimes } from './file-times.js';
import { GitError } from './git-error.js';
import { type LfsFile, lfsObjectPath } from './lfs/fetch-lfs-objects.js';
import { MAX_POINTER_BYTES, parseLfsPointer } from './lfs/lfs-pointer.js';
import { readBlobs } from './read-blobs.js';
import { readTree, type TreeEntry } from './read-tree.js';
import type { GitCall } from './run-git.js';

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
  /** Brings what files in Git LFS stand for; `false`: they are packed as they were committed. */
  readonly fetchLfs: (files: readonly LfsFile[]) => Promise<boolean>;
}

/** A pointer that stands back until all of them are known: a server is asked for many at once. */
interface FoundPointer extends LfsFile {
  readonly entry: TreeEntry;
  readonly content: Buffer;
}

const [SYMLINK, SUBMODULE, EXECUTABLE] = ['120000', '160000', '100755'];
/** Longest target that Linux takes (`PATH_MAX`). */
const MAX_LINK_BYTES = 4096;

/** Nothing of a commit has an owner, and only a link leads somewhere. */
const NOBODY = { userId: 0, groupId: 0, linkTarget: '' } satisfies Partial<TarEntryFields>;

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function listBlobs(
  options: PackTreeOptions,
  call: Omit<GitCall, 'args'>,
): Promise<{ blobs: TreeEntry[]; submodules: TreeEntry[]; bytes: number }> {
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
  return { blobs, submodules, bytes };
}

/** The pieces of a tar for one blob; what is a pointer is answered instead. */
async function* packBlob(
  { entry, content }: { entry: TreeEntry; content: AsyncIterable<Buffer> },
  times: FileTimes,
  prefix: string,
): AsyncGenerator<Buffer, FoundPointer | undefined> {
  const { mode, size } = entry;
  const path = prefix + entry.path;
  const modifiedSeconds = times.timeOf(entry);
  if (mode === SYMLINK) {
    const linkTarget = (await collect(content)).toString('utf8');
    yield encodeTarHeader({ ...NOBODY, kind: 'symlink', path, mode: 0o777, modifiedSeconds, linkTarget }, 0);
    return undefined;
  }
  const small = size < MAX_POINTER_BYTES ? await collect(content) : undefined;
  const pointer = small === undefined ? undefined : parseLfsPointer(small);
  if (small !== undefined && pointer !== undefined) return { ...pointer, path, entry, content: small };
  yield* packFile(small === undefined ? content : [small], { path, mode, size, modifiedSeconds });
  return undefined;
}

async function* packFile(
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  { mode, size, ...file }: { path: string; mode: string; size: number; modifiedSeconds: number },
): AsyncGenerator<Buffer> {
  yield encodeTarHeader({ ...NOBODY, ...file, kind: 'file', mode: mode === EXECUTABLE ? 0o755 : 0o644 }, size);
  yield* content;
  yield Buffer.alloc(tarPadding(size));
}

/** The pieces of a tar for all files that are in Git LFS. */
async function* packPointers(
  pointers: readonly FoundPointer[],
  { gitDir, times, fetchLfs }: { gitDir: string; times: FileTimes; fetchLfs: PackTreeOptions['fetchLfs'] },
): AsyncGenerator<Buffer> {
  if (pointers.length === 0) return;
  const isFetched = await fetchLfs(pointers);
  for (const pointer of pointers) {
    const { entry, path, content } = pointer;
    const bytes = isFetched ? (createReadStream(lfsObjectPath(gitDir, pointer)) as AsyncIterable<Buffer>) : [content];
    const size = isFetched ? pointer.size : entry.size;
    yield* packFile(bytes, { path, mode: entry.mode, size, modifiedSeconds: times.timeOf(entry) });
  }
}

/**
 * Packs a folder of a commit as a tar without its end: what was committed, byte for byte, and the content of what is in Git
 * LFS. `.gitattributes` does not change it (no `export-ignore`, `export-subst`, filters or line endings), and there is no
 * `.git` in it.
 *
 * @throws {GitError}
 */
export async function* packTree(options: PackTreeOptions, call: Omit<GitCall, 'args'>): AsyncGenerator<Buffer> {
  const { prefix, committedAt, onSubmodule, fetchLfs, maxBytes } = options;
  const { blobs, submodules, bytes } = await listBlobs(options, call);
  const times = await openFileTimes(call.gitDir, committedAt);
  for (const { path, id } of submodules) {
    const folder = { path: prefix + path, mode: 0o755, modifiedSeconds: committedAt };
    yield encodeTarHeader({ ...NOBODY, ...folder, kind: 'folder' }, 0);
    onSubmodule(path, id);
  }
  const pointers: FoundPointer[] = [];
  let total = bytes;
  for await (const blob of readBlobs(blobs, call)) {
    const pointer = yield* packBlob(blob, times, prefix);
    if (pointer === undefined) continue;
    pointers.push(pointer);
    total += pointer.size;
    if (total > maxBytes) throw new GitError('too-large', `the source has more than ${maxBytes} bytes`);
  }
  yield* packPointers(pointers, { gitDir: call.gitDir, times, fetchLfs });
  await times.save();
}
