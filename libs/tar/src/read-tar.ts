import { ByteReader } from './byte-reader.js';
import { isEndBlock, parsePaxRecords, parseTarHeader, type TarHeader } from './parse-tar-header.js';
import { TAR_BLOCK_BYTES, tarPadding } from './tar-block.js';
import { TarError } from './tar-error.js';

/** No long name or pax header is larger. */
const MAX_EXTENSION_BYTES = 64 * 1024;

/** What a tar may hold. */
export interface TarLimits {
  readonly maxEntries: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
}

/** An entry of a tar, with the extensions that belong to it applied. */
export interface TarEntry extends TarHeader {
  /** Where the content begins in the tar. */
  readonly offset: number;
  /** The content, to be read before the next entry is asked for; what is not read is skipped. */
  readonly content: AsyncIterable<Buffer>;
}

async function readExtension(reader: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > MAX_EXTENSION_BYTES) throw new TarError('too-large', `a header has ${size} bytes`);
  const bytes = await reader.read(size);
  await reader.read(tarPadding(size));
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
    throw new TarError('corrupt', 'a pax header makes no sense');
  }
  if ([...records.keys()].some((key) => key.startsWith('GNU.sparse'))) {
    throw new TarError('unsafe', `"${header.path}" is a sparse file`);
  }
  return {
    ...header,
    path: records.get('path') ?? header.path,
    linkTarget: records.get('linkpath') ?? header.linkTarget,
    size,
    mtime,
  };
}

async function* readEntries(reader: ByteReader, limits: TarLimits): AsyncGenerator<TarEntry> {
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
      if (++count > limits.maxEntries) throw new TarError('too-large', `more than ${limits.maxEntries} entries`);
      if (header.size > limits.maxFileBytes) {
        throw new TarError('too-large', `"${header.path}" has ${header.size} bytes`);
      }
      // Only files have content; what a link or a folder claims to be long is not there.
      const size = header.type === '0' ? header.size : 0;
      const offset = reader.position;
      yield { ...header, size, offset, content: reader.pieces(size) };
      await reader.skip(offset + size + tarPadding(size) - reader.position);
      pax = new Map();
      names = {};
    }
  }
}

/**
 * Reads an uncompressed tar as it comes: ustar, with pax and GNU extensions. Nothing of it is kept. A caller that stops
 * early closes the source.
 *
 * @throws {TarError} when it is damaged, cut off or over a limit
 */
export async function* readTar(tar: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(tar);
  try {
    yield* readEntries(reader, limits);
  } finally {
    reader.close();
  }
}
