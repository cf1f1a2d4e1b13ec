import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** No gzip file goes on like this: who knows nothing of trailers takes it for what may follow an archive. */
const MARK = Buffer.from('\ncvx-sha256\n');
const DIGEST_BYTES = 32;

/** How many of the bytes that are kept are no content. */
export const TRAILER_BYTES = MARK.length + DIGEST_BYTES;

/** An object's content where it is kept: a file, or an object of S3. */
export interface StoredContent {
  /** Bytes, without the trailer. */
  readonly size: number;
  /** SHA-256 of the content; `undefined` for what was written before there were trailers, or by others. */
  readonly sha256: Buffer | undefined;
}

/** Writes the trailer of a content: content and digest are there together, or neither is. */
export function formatTrailer(sha256: Buffer): Buffer {
  return Buffer.concat([MARK, sha256]);
}

/** Tells a content from the last bytes of what is kept, {@link TRAILER_BYTES} of them or all, and from how many there are. */
export function parseTail(tail: Buffer, keptBytes: number): StoredContent {
  if (tail.length < TRAILER_BYTES || !tail.subarray(0, MARK.length).equals(MARK))
    return { size: keptBytes, sha256: undefined };
  return { size: keptBytes - TRAILER_BYTES, sha256: tail.subarray(MARK.length) };
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
      else done(new Error(`Cannot read object "${key}": it is not what was stored, it has changed since`));
    },
  });
}
