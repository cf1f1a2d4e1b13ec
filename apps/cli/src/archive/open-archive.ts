import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { TransferProgress } from './show-progress.js';

/** Larger pieces than Node's own take half the time to read and to send. */
const PIECE_BYTES = 1024 * 1024;
const REASONS: Readonly<Record<string, string>> = { EACCES: 'permission denied', ENOENT: 'no such file' };

async function openFile(path: string): Promise<{ content: Readable; totalBytes: number }> {
  try {
    const handle = await open(path, 'r');
    return { content: handle.createReadStream({ highWaterMark: PIECE_BYTES }), totalBytes: (await handle.stat()).size };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`cannot read "${path}": ${REASONS[code] ?? code}`, { cause: error });
  }
}

/** Where an archive is read from, and who wants to know how far. */
export interface ArchiveToOpen {
  /** `undefined`: standard input. */
  readonly path: string | undefined;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly onProgress: (progress: TransferProgress) => void;
}

/**
 * Opens the archive in a file, or on standard input.
 *
 * @throws {Error} when there is none: no such file, a terminal, a pipe out of which nothing comes
 */
export async function openArchive({ path, stdin, onProgress }: ArchiveToOpen): Promise<Readable> {
  if (path === undefined && stdin.isTTY === true)
    throw new Error('pipe an archive into this command or specify --file');
  const { content, totalBytes } = path === undefined ? { content: stdin, totalBytes: undefined } : await openFile(path);
  let bytes = 0;
  const pieces: AsyncIterator<Buffer> = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  // When the command on the other side of the pipe fails, it has said why.
  if (first.done === true) throw new Error('there is nothing to import: the archive is empty');
  async function* rejoin(): AsyncGenerator<Buffer> {
    for (let next: IteratorResult<Buffer> = first; next.done !== true; next = await pieces.next()) {
      bytes += next.value.length;
      onProgress({ bytes, totalBytes });
      yield next.value;
    }
  }
  return Readable.from(rejoin(), { objectMode: false });
}
