import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

import { ByteReader, TarError, type UnpackLimits, unpackGzip } from '@convox-builds/tar';

import { BLOCK_HEADER_BYTES, MAX_BLOCK_BYTES, STORED_HEADER, TRAILER_BYTES } from './stored-gzip.js';

const assertWhole = (isWhole: boolean) => {
  if (!isWhole) throw new TarError('corrupt', 'it is not gzip, damaged, or cut off');
};

/** Reads the head of a stored block. */
async function readBlockHeader(reader: ByteReader): Promise<{ length: number; isLast: boolean }> {
  const header = await reader.read(BLOCK_HEADER_BYTES);
  const [kind, length] = [header.readUInt8(0), header.readUInt16LE(1)];
  const isLast = kind === 1;
  assertWhole((isLast || kind === 0) && header.readUInt16LE(3) === (length ^ 0xffff));
  assertWhole(isLast || length === MAX_BLOCK_BYTES);
  return { length, isLast };
}

/** Yields the content of one member, and checks it. */
async function* readMember(reader: ByteReader): AsyncGenerator<Buffer> {
  assertWhole((await reader.read(STORED_HEADER.length)).equals(STORED_HEADER));
  let checksum = 0;
  let size = 0;
  for (let isLast = false; !isLast; ) {
    const block = await readBlockHeader(reader);
    ({ isLast } = block);
    size += block.length;
    for await (const piece of reader.pieces(block.length)) {
      checksum = crc32(piece, checksum);
      yield piece;
    }
  }
  const trailer = await reader.read(TRAILER_BYTES);
  assertWhole(trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === size % 2 ** 32);
}

async function* readMembers(
  reader: ByteReader,
  { maxBytes }: UnpackLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  while ((await reader.peek(1)).length > 0) {
    for await (const piece of readMember(reader)) {
      signal.throwIfAborted();
      bytes += piece.length;
      if (bytes > maxBytes) throw new TarError('too-large', `more than ${maxBytes} bytes unpacked`);
      yield piece;
    }
  }
}

/**
 * Unpacks the gzip of an archive. What this rack has written is not compressed, and says so: it is passed on as it comes,
 * with its checksums looked at, which takes a fraction of what zlib does.
 *
 * @throws {TarError} when it is no gzip, damaged, cut off or over a limit; what the source or the signal fails with
 */
export async function* unpackArchive(
  archive: Readable,
  limits: UnpackLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(archive);
  try {
    const isStored = (await reader.peek(STORED_HEADER.length)).equals(STORED_HEADER);
    if (isStored) yield* readMembers(reader, limits, signal);
    else yield* unpackGzip(Readable.from(reader.rest(), { objectMode: false }), limits, signal);
  } finally {
    reader.close();
  }
}
