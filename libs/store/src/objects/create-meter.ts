import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

import { formatTrailer } from '@convox-builds/domain';

import type { StoredObject } from './stored-object.js';

/** Counts and hashes a content on its way to where it is kept, and puts the digest behind it. */
export function createMeter(maxBytes: number): { meter: Transform; result: () => StoredObject } {
  const hash = createHash('sha256');
  let size = 0;
  let sha256 = '';
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) return done(new RangeError(`object is larger than ${maxBytes} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const digest = hash.digest();
      sha256 = digest.toString('hex');
      done(null, formatTrailer(digest));
    },
  });
  return { meter, result: () => ({ size, sha256 }) };
}
