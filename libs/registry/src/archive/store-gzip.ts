import { crc32 } from 'node:zlib';

import type { Section } from './section.js';

/** Magic, deflate, no flags, no time, no hints, unknown system (RFC 1952, section 2.3). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const TRAILER_BYTES = 8;
/** A stored block says that it is one, and its length twice (RFC 1951, section 3.2.4). */
const BLOCK_HEADER_BYTES = 5;
const MAX_BLOCK_BYTES = 65_535;

const countBlocks = (size: number) => Math.max(1, Math.ceil(size / MAX_BLOCK_BYTES));

function openBlock(length: number, isLast: boolean): Buffer {
  const block = Buffer.allocUnsafe(BLOCK_HEADER_BYTES + length);
  block.writeUInt8(isLast ? 1 : 0, 0);
  block.writeUInt16LE(length, 1);
  block.writeUInt16LE(length ^ 0xffff, 3);
  return block;
}

function trailerOf(checksum: number, size: number): Buffer {
  const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

async function* store({ size, open }: Section, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  yield HEADER;
  let checksum = 0;
  let left = size;
  let block = openBlock(Math.min(left, MAX_BLOCK_BYTES), left <= MAX_BLOCK_BYTES);
  let filled = BLOCK_HEADER_BYTES;
  for await (const piece of await open(signal)) {
    checksum = crc32(piece, checksum);
    for (let at = 0; at < piece.length; ) {
      const copied = piece.copy(block, filled, at);
      // A full block takes nothing: then there is more than there should be.
      if (copied === 0) throw new RangeError('Cannot write archive: a content is longer than it was');
      at += copied;
      filled += copied;
      left -= copied;
      if (filled < block.length || left === 0) continue;
      yield block;
      block = openBlock(Math.min(left, MAX_BLOCK_BYTES), left <= MAX_BLOCK_BYTES);
      filled = BLOCK_HEADER_BYTES;
    }
  }
  if (left > 0) throw new RangeError('Cannot write archive: a content is shorter than it was');
  yield block;
  yield trailerOf(checksum, size);
}

/**
 * Wraps a piece into a gzip member without compressing it: image layers are compressed already. So the size of the whole
 * archive is known before its first byte, and costs no time. Members simply follow each other (RFC 1952, section 2.2).
 */
export function storeGzip(section: Section): Section {
  const { size } = section;
  return {
    size: HEADER.length + size + countBlocks(size) * BLOCK_HEADER_BYTES + TRAILER_BYTES,
    open: async (signal) => store(section, signal),
  };
}
