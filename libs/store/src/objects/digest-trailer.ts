import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';

/** No gzip file goes on like this: who knows nothing of trailers takes it for what may follow an archive. */
const MARK = Buffer.from('\ncvx-sha256\n');
const DIGEST_BYTES = 32;

/** How many bytes of a file are no content. */
const TRAILER_BYTES = MARK.length + DIGEST_BYTES;

/** An object's content in its file. */
export interface StoredContent {
  /** Bytes, without the trailer. */
  readonly size: number;
  /** SHA-256 of the content; `undefined` for a file that was written before there were trailers. */
  readonly sha256: Buffer | undefined;
}

/** Writes the trailer of a content: file and digest are on the disk together, or neither is. */
export function formatTrailer(sha256: Buffer): Buffer {
  return Buffer.concat([MARK, sha256]);
}

/** Reads what a file says of its content. */
export async function readTrailer(handle: FileHandle, fileBytes: number): Promise<StoredContent> {
  const size = fileBytes - TRAILER_BYTES;
  if (size < 0) return { size: fileBytes, sha256: undefined };
  const trailer = Buffer.alloc(TRAILER_BYTES);
  await handle.read(trailer, 0, TRAILER_BYTES, size);
  if (!trailer.subarray(0, MARK.length).equals(MARK)) return { size: fileBytes, sha256: undefined };
  return { size, sha256: trailer.subarray(MARK.length) };
}

/**
 * Passes a content on, and fails before its end when it is not the one that was stored: the last piece waits until all of
 * them were seen, so that nobody who counts bytes takes a changed content for a whole one.
 */
export function verifyDigest(sha256: Buffer, key: string): Transform {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const before = held;
      held = chunk;
      done(null, before);
    },
    flush(done) {
      const isSame = hash.digest().equals(sha256);
      if (isSame) done(null, held);
      else done(new Error(`Cannot read object "${key}": it is not what was stored, the disk has changed it`));
    },
  });
}
