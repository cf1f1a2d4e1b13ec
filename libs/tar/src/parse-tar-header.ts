import { TAR_BLOCK_BYTES } from './tar-block.js';
import { TarError } from './tar-error.js';

/** A header block of a tar (POSIX pax(1), "ustar Interchange Format", and GNU tar's deviations). */
export interface TarHeader {
  readonly path: string;
  readonly linkTarget: string;
  /** Permission and special bits. */
  readonly mode: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** One letter: `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` and `g` pax, `L` and `K` GNU long names. */
  readonly type: string;
}

function readText(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

/** Octal digits, or GNU's big-endian binary number marked by the first bit. */
function readNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first >= 0x80) {
    if (first !== 0x80) throw new TarError('corrupt', 'a number is negative');
    const value = block.subarray(start + 1, start + length).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new TarError('corrupt', 'a number is too large');
    return value;
  }
  const text = readText(block, start, length).trim();
  if (text === '') return 0;
  if (!/^[0-7]+$/.test(text)) throw new TarError('corrupt', 'a number in a header is none');
  return Number.parseInt(text, 8);
}

function checksum(block: Buffer): number {
  let sum = 0;
  // The checksum's own field counts as spaces.
  for (let index = 0; index < TAR_BLOCK_BYTES; index++) sum += index >= 148 && index < 156 ? 0x20 : (block[index] ?? 0);
  return sum;
}

/** Tells the block of zeros that ends an archive. */
export function isEndBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/**
 * Reads a header block.
 *
 * @throws {TarError} when it is none
 */
export function parseTarHeader(block: Buffer): TarHeader {
  if (readNumber(block, 148, 8) !== checksum(block)) throw new TarError('corrupt', 'it is not a tar, or damaged');
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    linkTarget: readText(block, 157, 100),
    mode: readNumber(block, 100, 8),
    size: readNumber(block, 124, 12),
    mtime: readNumber(block, 136, 12),
    type: type === '\0' || type === '7' ? '0' : type,
  };
}

/** Reads pax records: `<length> <key>=<value>\n`, the length in bytes and counting itself. */
export function parsePaxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    const record = bytes.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    const isWhole = Number.isInteger(length) && at + length <= bytes.length && bytes[at + length - 1] === 0x0a;
    if (space === -1 || !isWhole || equals < 1 || space >= at + length) {
      throw new TarError('corrupt', 'a pax header makes no sense');
    }
    records.set(record.toString('utf8', 0, equals), record.toString('utf8', equals + 1));
    at += length;
  }
  return records;
}
