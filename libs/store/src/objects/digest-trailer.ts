import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

import { parseTrailer, TRAILER_BYTES } from '@convox-builds/domain';

/** An object's content where it is kept: a file, or an object of S3. */
export interface StoredContent {
  /** Bytes, without the trailer. */
  readonly size: number;
  /** SHA-256 of the content; `undefined` for what was written before there were trailers, or by others. */
  readonly sha256: Buffer | undefined;
}

/** Tells a content from the last bytes of what is kept, those of a trailer or all, and from how many there are. */
export function parseTail(tail: Buffer, keptBytes: number): StoredContent {
  const sha256 = parseTrailer(tail);
  return { size: sha256 === undefined ? keptBytes : keptBytes - TRAILER_BYTES, sha256 };
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
