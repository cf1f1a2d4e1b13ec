import { gzipSync } from 'node:zlib';

/** A header block to write, possibly one that no honest program would. */
export interface TarBlock {
  readonly path: string;
  /** Type letter; default a file. */
  readonly type?: string;
  readonly linkTarget?: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly mtime?: number;
  /** The size that the header claims; default that of the content. */
  readonly size?: number;
}

const BLOCK = 512;

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

function block({
  path,
  type = '0',
  linkTarget = '',
  content = '',
  mode = 0o644,
  mtime = 1000,
  size,
}: TarBlock): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size ?? body.length, 12) + octal(mtime, 12), 100);
  header.write(`        ${type}`, 148);
  header.write(linkTarget, 157, 100);
  header.write('ustar\u000000', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

/** Writes a tar of these blocks, byte for byte. */
export function writeTar(blocks: readonly TarBlock[]): Buffer {
  return Buffer.concat([...blocks.map(block), Buffer.alloc(2 * BLOCK)]);
}

/** Writes a gzip tar of these blocks. */
export function writeTgz(blocks: readonly TarBlock[]): Buffer {
  return gzipSync(writeTar(blocks));
}

/** One pax record, with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  const digits = String(length + String(length).length).length;
  return `${length + digits}${rest}`;
}
