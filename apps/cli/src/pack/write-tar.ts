import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { encodeTarHeader, TAR_END_BYTES, tarPadding } from '@convox-builds/tar';
import { explainFileError } from './explain-file-error.js';
import type { SourceEntry } from './source-entry.js';

const CHUNK_BYTES = 256 * 1024;

/** Collects small pieces to chunks, so that ten thousand small files do not become ten thousand writes. */
class ChunkBuffer {
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private used = 0;

  get room(): Buffer {
    return this.chunk.subarray(this.used);
  }

  advance(bytes: number): void {
    this.used += bytes;
  }

  /** Hands over what was collected and starts afresh; the receiver owns the memory. */
  take(): Buffer {
    const taken = this.chunk.subarray(0, this.used);
    this.chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.used = 0;
    return taken;
  }
}

function* append(chunks: ChunkBuffer, bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    if (chunks.room.length === 0) yield chunks.take();
    const copied = bytes.copy(chunks.room, 0, at);
    chunks.advance(copied);
    at += copied;
  }
}

function changedError(path: string): Error {
  return new Error(`cannot pack "${path}": it changed while it was read; run the command again when it is at rest`);
}

function* appendContent(chunks: ChunkBuffer, { fd, path, size }: { fd: number; path: string; size: number }) {
  for (let left = size; left > 0; ) {
    if (chunks.room.length === 0) yield chunks.take();
    const read = readSync(fd, chunks.room, 0, Math.min(left, chunks.room.length), null);
    if (read === 0) throw changedError(path);
    chunks.advance(read);
    left -= read;
  }
  if (fstatSync(fd).size !== size) throw changedError(path);
  yield* append(chunks, Buffer.alloc(tarPadding(size)));
}

function* appendFile(chunks: ChunkBuffer, root: string, entry: SourceEntry): Generator<Buffer> {
  // Not following a link and not waiting for a pipe: either may have taken the file's place since it was listed.
  const fd = openSync(`${root}/${entry.path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw changedError(entry.path);
    yield* append(chunks, encodeTarHeader(entry, stats.size));
    yield* appendContent(chunks, { fd, path: entry.path, size: stats.size });
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes the tar archive of the listed entries, chunk by chunk. The work is synchronous, since that is several times
 * faster for many small files; between two chunks whoever reads has the event loop.
 *
 * @throws {Error} naming the file that could not be read or changed its size meanwhile
 */
export function* writeTar(root: string, entries: Iterable<SourceEntry>): Generator<Buffer> {
  const chunks = new ChunkBuffer();
  for (const entry of entries) {
    try {
      if (entry.kind === 'file') yield* appendFile(chunks, root, entry);
      else yield* append(chunks, encodeTarHeader(entry, 0));
    } catch (error) {
      throw explainFileError(entry.path, error);
    }
  }
  yield* append(chunks, Buffer.alloc(TAR_END_BYTES));
  yield chunks.take();
}
