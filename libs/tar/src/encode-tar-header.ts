import { TAR_BLOCK_BYTES, tarPadding } from './tar-block.js';

/** What an entry's header says. */
export interface TarEntryFields {
  readonly kind: 'file' | 'folder' | 'symlink';
  /** With slashes; a folder's without the one at its end. */
  readonly path: string;
  /** Permission bits with set-user-id, set-group-id and sticky. */
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  /** Modification time in whole seconds since 1970. */
  readonly modifiedSeconds: number;
  /** Where a symlink points; `''` for the others. */
  readonly linkTarget: string;
}

const TYPES = { file: '0', symlink: '2', folder: '5' } as const;
const MAX_OCTAL_7 = 0o7777777;
const MAX_OCTAL_11 = 0o77777777777;

interface HeaderFields {
  readonly name: string;
  readonly prefix: string;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  readonly size: number;
  readonly modifiedSeconds: number;
  readonly type: string;
  readonly linkTarget: string;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

/** Writes one POSIX ustar header (IEEE Std 1003.1, pax, "ustar Interchange Format"). */
function encodeHeader(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  block.write(fields.name, 0, 100, 'latin1');
  block.write(octal(fields.mode, 7), 100, 'latin1');
  block.write(octal(fields.userId, 7), 108, 'latin1');
  block.write(octal(fields.groupId, 7), 116, 'latin1');
  block.write(octal(fields.size, 11), 124, 'latin1');
  block.write(octal(fields.modifiedSeconds, 11), 136, 'latin1');
  block.write(`        ${fields.type}`, 148, 'latin1');
  block.write(fields.linkTarget, 157, 100, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(fields.prefix, 345, 155, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148, 'latin1');
  return block;
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

/** Splits a path into the `prefix` (155 bytes) and `name` (100 bytes) of ustar, or says that it does not fit. */
function splitName(path: string): { prefix: string; name: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= 100) return { prefix: '', name: path };
  const slash = path.indexOf('/', path.length - 101);
  if (slash < 1 || slash > 155 || slash === path.length - 1) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** One pax record: its own length in decimal, a space, `key=value`, a line feed. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (length !== restBytes + String(length).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

function paxRecords(entry: TarEntryFields, { path, size }: { path: string; size: number }): string {
  let records = '';
  if (splitName(path) === undefined) records += paxRecord('path', path);
  if (!isAscii(entry.linkTarget) || entry.linkTarget.length > 100) records += paxRecord('linkpath', entry.linkTarget);
  if (size > MAX_OCTAL_11) records += paxRecord('size', String(size));
  if (entry.userId > MAX_OCTAL_7) records += paxRecord('uid', String(entry.userId));
  if (entry.groupId > MAX_OCTAL_7) records += paxRecord('gid', String(entry.groupId));
  return records;
}

function paxHeader(records: string): Buffer[] {
  if (records === '') return [];
  const content = Buffer.from(records);
  const header = encodeHeader({
    name: 'PaxHeader',
    prefix: '',
    mode: 0o644,
    userId: 0,
    groupId: 0,
    size: content.length,
    modifiedSeconds: 0,
    type: 'x',
    linkTarget: '',
  });
  return [header, content, Buffer.alloc(tarPadding(content.length))];
}

/**
 * Writes the header blocks of one entry: POSIX ustar, preceded by a pax header where a field does not fit or is not ASCII.
 * Owners are numbers only.
 */
export function encodeTarHeader(entry: TarEntryFields, size: number): Buffer {
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  const split = splitName(path) ?? { prefix: '', name: path.slice(-100) };
  const header = encodeHeader({
    ...split,
    mode: entry.mode,
    userId: Math.min(entry.userId, MAX_OCTAL_7),
    groupId: Math.min(entry.groupId, MAX_OCTAL_7),
    size: Math.min(size, MAX_OCTAL_11),
    modifiedSeconds: Math.min(entry.modifiedSeconds, MAX_OCTAL_11),
    type: TYPES[entry.kind],
    linkTarget: entry.linkTarget.slice(0, 100),
  });
  return Buffer.concat([...paxHeader(paxRecords(entry, { path, size })), header]);
}
