import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { TarError } from './tar-error.js';

/** How far an archive may unfold. */
export interface UnpackLimits {
  /** Bytes of all of it, unpacked. */
  readonly maxBytes: number;
  /** How much larger it may be unpacked than packed, once it is over `ratioWindowBytes`. */
  readonly maxRatio: number;
  readonly ratioWindowBytes: number;
}

const PIECE_BYTES = 256 * 1024;

/**
 * Passes on what is not packed, within limits.
 *
 * @throws {TarError} when it is over them; what the source or the signal fails with
 */
export async function* passPlain(
  archive: Readable,
  limits: Pick<UnpackLimits, 'maxBytes'>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of archive as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    bytes += piece.length;
    if (bytes > limits.maxBytes) throw new TarError('too-large', `more than ${limits.maxBytes} bytes`);
    yield piece;
  }
}

/**
 * Unpacks gzip, within limits, and reads its source to the end. zlib works on threads of its own, in pieces small enough
 * to hash in between.
 *
 * @throws {TarError} when it is no gzip, damaged, cut off or over a limit; what the source or the signal fails with
 */
export async function* unpackGzip(
  archive: Readable,
  limits: UnpackLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let packed = 0;
  let unpacked = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      packed += chunk.length;
      done(null, chunk);
    },
  });
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const abort = () => gunzip.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  archive.on('error', (error) => gunzip.destroy(error));
  archive.pipe(meter).pipe(gunzip);
  try {
    signal.throwIfAborted();
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      unpacked += piece.length;
      if (unpacked > limits.maxBytes) throw new TarError('too-large', `more than ${limits.maxBytes} bytes unpacked`);
      if (unpacked > limits.ratioWindowBytes && unpacked > packed * limits.maxRatio) {
        throw new TarError('too-large', `it is more than ${limits.maxRatio} times as large unpacked`);
      }
      yield piece;
    }
    // Also what no reader needs: only at its end does a source tell that it came whole.
    archive.unpipe(meter);
    for await (const _rest of archive) signal.throwIfAborted();
  } catch (error) {
    const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw isZlib ? new TarError('corrupt', 'it is not gzip, damaged, or cut off', { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', abort);
    archive.destroy();
    gunzip.destroy();
  }
}
