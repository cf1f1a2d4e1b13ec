import { errorAt } from './manifest-error.js';
import { createLocator } from './yaml/create-locator.js';

/** Bytes that a manifest may have. */
export const MAX_MANIFEST_BYTES = 256 * 1024;

/** Encodings that YAML allows, by how a text in them begins (YAML 1.1, section 5.2). */
const BYTE_ORDER_MARKS = [
  { encoding: 'utf-16le', mark: [0xff, 0xfe] },
  { encoding: 'utf-16be', mark: [0xfe, 0xff] },
] as const;

/**
 * Decodes a manifest: UTF-8, or UTF-16 with a byte order mark. A byte order mark is not part of the text.
 *
 * @throws {ManifestError} for what is no text, with the place of the first such character
 */
export function decodeManifest(bytes: Buffer, fileName: string): string {
  const { encoding } = BYTE_ORDER_MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte)) ?? {
    encoding: 'utf-8',
  };
  const text = new TextDecoder(encoding).decode(bytes);
  const problem = (offset: number, what: string) => errorAt(createLocator(text, fileName)(offset), 'syntax', what);
  const nul = text.indexOf('\0');
  if (nul !== -1) throw problem(nul, 'a character NUL; the file must be text in UTF-8');
  if (encoding === 'utf-8' && !Buffer.from(text).equals(stripMark(bytes)))
    throw problem(findInvalid(text, stripMark(bytes)), 'a character that is not UTF-8; save the file as UTF-8');
  return text;
}

const UTF8_MARK = Buffer.from('\uFEFF');
const stripMark = (bytes: Buffer) => (bytes.subarray(0, 3).equals(UTF8_MARK) ? bytes.subarray(3) : bytes);

/** The first replacement character that does not stand for itself. */
function findInvalid(text: string, bytes: Buffer): number {
  let at = text.indexOf('\uFFFD');
  while (at !== -1) {
    const start = Buffer.byteLength(text.slice(0, at));
    if (!bytes.subarray(start, start + 3).equals(Buffer.from('\uFFFD'))) return at;
    at = text.indexOf('\uFFFD', at + 1);
  }
  return 0;
}
