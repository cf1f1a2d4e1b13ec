import { createHash } from 'node:crypto';

import { ByteReader } from './byte-reader.js';
import { isEndBlock, parsePaxRecords, parseTarHeader, TAR_BLOCK_BYTES, type TarHeader } from './tar-header.js';
import type { TarLimits } from './tar-limits.js';
import { TarSourceError } from './tar-source-error.js';

/** No long name or pax header is larger. */
const MAX_EXTENSION_BYTES = 64 * 1024;

/** An entry of a tar, with the extensions that belong to it applied. */
export interface TarEntry extends TarHeader {
  /** Where the content begins in the tar. */
  readonly offset: number;
  /** SHA-1 of the content: an identity, not a protection. */
  readonly contentHash: Buffer;
}

const padding = (size: number) => (TAR_BLOCK_BYTES - (size % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES;

async function readExtension(reader: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > MAX_EXTENSION_BYTES) throw new TarSourceError('too-large', `a header has ${size} bytes`);
  const bytes = await reader.read(size);
  await reader.read(padding(size));
  return bytes;
}

function longName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

function applyPax(header: TarHeader, records: ReadonlyMap<string, string>): TarHeader {
  const size = Number(records.get('size') ?? header.size);
  const mtime = Number(records.get('mtime') ?? header.mtime);
  if (!Number.isSafeInteger(size) || size < 0 || !Number.isFinite(mtime)) {
    throw new TarSourceError('corrupt', 'a pax header makes no sense');
  }
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse'))) {
    throw new TarSourceError('unsafe', `"${header.path}" is a sparse file`);
  }
  return {
    ...header,
    path: records.get('path') ?? header.path,
    linkTarget: records.get('linkpath') ?? header.linkTarget,
    size,
    mtime,
  };
}

async function readContent(reader: ByteReader, size: number): Promise<Buffer> {
  const hash = createHash('sha1');
  for await (const piece of reader.pieces(size)) hash.update(piece);
  await reader.read(padding(size));
  return hash.digest();
}

/**
 * Reads an uncompressed tar: ustar, with pax and GNU extensions.
 *
 * @throws {TarSourceError} when it is damaged, cut off or over a limit
 */
export async function* readTar(tar: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(tar);
  let pax: ReadonlyMap<string, string> = new Map();
  let names: { path?: string; linkTarget?: string } = {};
  for (let count = 0; ; ) {
    const block = await reader.read(TAR_BLOCK_BYTES);
    if (isEndBlock(block)) return reader.drain();
    const plain = parseTarHeader(block);
    if (plain.type === 'x') pax = parsePaxRecords(await readExtension(reader, plain));
    else if (plain.type === 'g') await readExtension(reader, plain);
    else if (plain.type === 'L') names = { ...names, path: longName(await readExtension(reader, plain)) };
    else if (plain.type === 'K') names = { ...names, linkTarget: longName(await readExtension(reader, plain)) };
    else {
      const header = applyPax({ ...plain, ...names }, pax);
      if (++count > limits.maxEntries) throw new TarSourceError('too-large', `more than ${limits.maxEntries} entries`);
      if (header.size > limits.maxFileBytes)
        throw new TarSourceError('too-large', `"${header.path}" has ${header.size} bytes`);
      // Only files have content; what a link or a folder claims to be long is not there.
      const size = header.type === '0' ? header.size : 0;
      const offset = reader.position;
      yield { ...header, size, offset, contentHash: await readContent(reader, size) };
      pax = new Map();
      names = {};
    }
  }
}
