import { createHash } from 'node:crypto';

import { readTar as readEntries, type TarEntry as StreamedEntry, TarError } from '@convox-builds/tar';

import type { TarLimits } from './tar-limits.js';
import { TarSourceError } from './tar-source-error.js';

/** An entry of a source archive. */
export interface TarEntry extends Omit<StreamedEntry, 'content'> {
  /** SHA-1 of the content: an identity, not a protection. */
  readonly contentHash: Buffer;
}

async function hashContent(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const hash = createHash('sha1');
  for await (const piece of content) hash.update(piece);
  return hash.digest();
}

/**
 * Reads the tar of a source archive.
 *
 * @throws {TarSourceError} when it is damaged, cut off or over a limit
 */
export async function* readTar(tar: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarEntry> {
  try {
    for await (const { content, ...header } of readEntries(tar, limits)) {
      yield { ...header, contentHash: await hashContent(content) };
    }
  } catch (error) {
    throw error instanceof TarError ? new TarSourceError(error.code, error.message, { cause: error }) : error;
  }
}
