import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { passPlain, unpackGzip } from '@convox-builds/tar';

import { readTar } from './read-tar.js';
import { TarIndex } from './tar-index.js';
import { DEFAULT_TAR_LIMITS, type TarLimits } from './tar-limits.js';
import { openTarSource, type TarSource } from './tar-source.js';

/** Which archive, and where its bytes go. */
export interface IndexTarOptions {
  /** A tar, from a stranger. */
  readonly archive: Readable;
  /** Default: `gzip`. */
  readonly compression?: 'gzip' | 'none';
  /** A new file for the unpacked tar; the caller deletes it after `close()`. */
  readonly spoolFile: string;
  readonly limits?: Partial<TarLimits>;
  readonly signal?: AbortSignal;
}

async function* spoolPieces(
  pieces: AsyncIterable<Buffer>,
  write: (piece: Buffer) => Promise<void>,
): AsyncGenerator<Buffer> {
  let writing = Promise.resolve();
  for await (const piece of pieces) {
    await writing;
    writing = write(piece);
    // Met again above or below; until then it must not end the process.
    writing.catch(() => {});
    yield piece;
  }
  await writing;
}

/**
 * Spools a source archive, once, and indexes it on the way, so that its files can be served to BuildKit without
 * unpacking them: no path, link or device in it touches the file system.
 *
 * @throws {TarSourceError} when the archive is damaged, over a limit, or has in it what no source needs
 */
export async function indexTar(options: IndexTarOptions): Promise<TarSource> {
  const { archive, compression = 'gzip', spoolFile, signal = new AbortController().signal } = options;
  const limits = { ...DEFAULT_TAR_LIMITS, ...options.limits };
  const index = new TarIndex(limits);
  const spool = await open(spoolFile, 'wx', 0o600);
  try {
    const pieces = compression === 'gzip' ? unpackGzip(archive, limits, signal) : passPlain(archive, limits, signal);
    const tar = spoolPieces(pieces, async (piece) => {
      for (let at = 0; at < piece.length; ) at += (await spool.write(piece, at)).bytesWritten;
    });
    for await (const entry of readTar(tar, limits)) index.add(entry);
  } finally {
    await spool.close();
  }
  return openTarSource(spoolFile, index.finish());
}
