import { crc32 } from 'node:zlib';

import type { Section } from './section.js';
import { BLOCK_HEADER_BYTES, MAX_BLOCK_BYTES, STORED_HEADER, TRAILER_BYTES } from './stored-gzip.js';

const countBlocks = (size: number) => Math.max(1, Math.ceil(size / MAX_BLOCK_BYTES));

function blockHeader(left: number): Buffer {
  const length = Math.min(left, MAX_BLOCK_BYTES);
  const header = Buffer.allocUnsafe(BLOCK_HEADER_BYTES);
  header.writeUInt8(left === length ? 1 : 0, 0);
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(length ^ 0xffff, 3);
  return header;
}

function trailerOf(checksum: number, size: number): Buffer {
  const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

async function* store({ size, open }: Section, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  yield STORED_HEADER;
  let checksum = 0;
  let left = size;
  let leftOfBlock = 0;
  if (size === 0) yield blockHeader(0);
  for await (const piece of await open(signal)) {
    if (piece.length > left) throw new RangeError('Cannot write archive: a content is longer than it was');
    checksum = crc32(piece, checksum);
    for (let at = 0; at < piece.length; ) {
      if (leftOfBlock === 0) {
        yield blockHeader(left);
        leftOfBlock = Math.min(left, MAX_BLOCK_BYTES);
      }
      const part = piece.subarray(at, at + leftOfBlock);
      at += part.length;
      left -= part.length;
      leftOfBlock -= part.length;
      // What comes in is passed on as it is: to copy it would cost more than all else.
      yield part;
    }
  }
  if (left > 0) throw new RangeError('Cannot write archive: a content is shorter than it was');
  yield trailerOf(checksum, size);
}

/**
 * Wraps a piece into a gzip member without compressing it: image layers are compressed already. So the size of the whole
 * archive is known before its first byte, and costs no time. Members simply follow each other (RFC 1952, section 2.2).
 */
export function storeGzip(section: Section): Section {
  const { size } = section;
  return {
    size: STORED_HEADER.length + size + countBlocks(size) * BLOCK_HEADER_BYTES + TRAILER_BYTES,
    open: async (signal) => store(section, signal),
  };
}
