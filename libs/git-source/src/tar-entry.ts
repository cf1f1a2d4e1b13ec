const BLOCK_BYTES = 512;
const NAME_BYTES = 100;

/** What stands in the header of a tar's entry. */
export interface TarEntry {
  readonly path: string;
  /** `0` file, `2` symbolic link, `5` folder. */
  readonly type: '0' | '2' | '5';
  readonly mode: number;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly linkTarget?: string;
}

const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;

function block(fields: Omit<TarEntry, 'type'> & { readonly type: string }): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const { path, type, mode, size, mtime, linkTarget = '' } = fields;
  header.write(path, 0, NAME_BYTES);
  header.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(mtime, 12), 100, 'latin1');
  header.write(`        ${type}`, 148, 'latin1');
  header.write(linkTarget, 157, NAME_BYTES);
  header.write('ustar\u000000', 257, 'latin1');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(octal(sum, 7), 148, 'latin1');
  return header;
}

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}

/** The zeros that fill the last block of an entry of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** What ends a tar. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

/** Writes the header of an entry (POSIX pax(1)): `ustar`, behind a pax header where a name is too long for it. */
export function tarHeader(entry: TarEntry): Buffer {
  const { path, linkTarget = '' } = entry;
  const [isLongPath, isLongTarget] = [path, linkTarget].map((name) => Buffer.byteLength(name) > NAME_BYTES);
  if (!isLongPath && !isLongTarget) return block(entry);
  const body = Buffer.from(
    (isLongPath ? paxRecord('path', path) : '') + (isLongTarget ? paxRecord('linkpath', linkTarget) : ''),
  );
  const pax = block({ path: 'pax', type: 'x', mode: 0o644, size: body.length, mtime: 0 });
  return Buffer.concat([pax, body, tarPadding(body.length), block({ ...entry, path: isLongPath ? 'long' : path })]);
}
