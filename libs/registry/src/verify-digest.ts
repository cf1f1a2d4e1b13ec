import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

import type { Descriptor } from './descriptor.js';
import { RegistryError } from './registry-error.js';

/** The digest of some bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Lets content through and fails at its end when it is not what the descriptor says; at once when it is too long. */
export function createDigestVerifier({ digest, size }: Descriptor): Transform {
  const hash = createHash('sha256');
  let received = 0;
  const invalid = (what: string) => new RegistryError('invalid', `Cannot use content ${digest}: ${what}`);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      if (received > size) return done(invalid(`the registry sent more than its ${size} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (received !== size) return done(invalid(`the registry sent ${received} of its ${size} bytes`));
      if (`sha256:${hash.digest('hex')}` !== digest) return done(invalid('the registry sent something else'));
      done();
    },
  });
}
