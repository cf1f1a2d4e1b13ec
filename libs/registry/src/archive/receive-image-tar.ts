import { createHash } from 'node:crypto';
import { posix } from 'node:path';

import { readTar, type TarEntry } from '@convox-builds/tar';

import type { ByteStream, StreamedBlob } from '../registry-client.js';
import { digestOf } from '../verify-digest.js';
import { ArchiveError, shown } from './archive-error.js';
import type { ArchiveLimits } from './archive-limits.js';
import type { ImagePlace } from './list-image.js';
import { collectDocument } from './read-document.js';

/** A file of an image archive. */
export interface ReceivedFile extends StreamedBlob {
  /** Of what may be a manifest; all else is in the registry already. */
  readonly bytes?: Buffer;
}

/** An archive of images, with its contents in the registry. */
export interface ImageTar {
  readonly place: ImagePlace;
  /** What each file was, by its path. */
  readonly files: ReadonlyMap<string, ReceivedFile>;
  /** What each link leads to, by its path. */
  readonly links: ReadonlyMap<string, string>;
  /** The files that say what the others are. */
  readonly documents: ReadonlyMap<string, Buffer>;
}

/** Where a tar goes. */
export interface ImageTarTarget {
  readonly place: ImagePlace;
  readonly limits: ArchiveLimits;
}

const DOCUMENTS = new Set(['manifest.json', 'index.json', 'oci-layout']);
/** What Docker wrote for its versions before 1.10, and nobody reads. */
const LEGACY = /^(?:repositories|[0-9a-f]{64}\/(?:json|VERSION))$/;
const MAX_PATH_LENGTH = 1024;
/** No honest manifest is larger, and no honest archive has so many. */
const MAX_JSON_BYTES = 512 * 1024;
const MAX_ALL_JSON_BYTES = 32 * 1024 * 1024;
const OPENING_BRACE = 0x7b;

function cleanPath(path: string): string {
  const clean = path.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
  const isBad =
    clean.startsWith('/') || clean.length > MAX_PATH_LENGTH || /[\0\\]/.test(clean) || clean.split('/').includes('..');
  if (isBad) throw new ArchiveError('malformed', `file "${shown(path)}" has a name that leads elsewhere`);
  return clean;
}

/** The path that a link means: a symlink's counts from its folder, a hard link's from the root of the archive. */
function linkedPath(path: string, { type, linkTarget }: TarEntry): string {
  return cleanPath(posix.normalize(type === '2' ? posix.join(posix.dirname(path), linkTarget) : linkTarget));
}

function assertNamed(path: string, { digest }: StreamedBlob): void {
  const [, named] = /^blobs\/sha256\/(.+)$/.exec(path) ?? [];
  if (named === undefined || digest === `sha256:${named}`) return;
  throw new ArchiveError('malformed', `blob ${shown(named)} is damaged: its content is ${digest}`);
}

/** Puts the first piece back in front of the others. */
async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function measure(content: AsyncIterable<Buffer>): Promise<StreamedBlob> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

/** Puts a file into the registry as it passes, under the digest that it turns out to have. */
async function storeFile(path: string, stream: ByteStream, place: ImagePlace): Promise<StreamedBlob> {
  const { client, repository, signal } = place;
  const accept = (blob: StreamedBlob) => assertNamed(path, blob);
  const [, named] = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(path) ?? [];
  if (named === undefined || !(await client.hasBlob(repository, `sha256:${named}`, { signal }))) {
    return client.putStream(repository, stream, { accept, signal });
  }
  const blob = await measure(stream.content);
  accept(blob);
  return blob;
}

/** Receives the files of one archive: JSON into memory, for it may be a manifest, and all else into the registry. */
function createFileReceiver(place: ImagePlace) {
  let jsonBytes = 0;
  return async (path: string, { size, content }: TarEntry): Promise<ReceivedFile> => {
    const pieces = content[Symbol.asyncIterator]();
    const next = await pieces.next();
    const first = next.done === true ? Buffer.alloc(0) : next.value;
    const whole = rejoin(first, pieces);
    // A registry takes a blob for a manifest, too: a manifest must not become a blob before it is one.
    if (first[0] !== OPENING_BRACE || size > MAX_JSON_BYTES) return storeFile(path, { content: whole, size }, place);
    jsonBytes += size;
    if (jsonBytes > MAX_ALL_JSON_BYTES) throw new ArchiveError('malformed', 'it has too many manifests');
    const bytes = await collectDocument(path, whole);
    const file = { digest: digestOf(bytes), size: bytes.length, bytes };
    assertNamed(path, file);
    return file;
  };
}

/**
 * Reads a tar of images from its begin to its end. What the files are is known only when all of it has been read, for
 * their order is up to who wrote it: so each goes to the registry as it passes, and is looked at there.
 *
 * @throws {ArchiveError} for names that an image archive does not have, and for blobs that are not what they are named
 * @throws {TarError} when it is damaged, cut off or over a limit
 */
export async function receiveImageTar(tar: AsyncIterable<Buffer>, target: ImageTarTarget): Promise<ImageTar> {
  const { place, limits } = target;
  const seen = new Set<string>();
  const files = new Map<string, ReceivedFile>();
  const links = new Map<string, string>();
  const documents = new Map<string, Buffer>();
  const receiveFile = createFileReceiver(place);
  for await (const entry of readTar(tar, { maxEntries: limits.maxEntries, maxFileBytes: limits.maxBytes })) {
    const path = cleanPath(entry.path);
    if (entry.type === '5') continue;
    if (seen.has(path)) throw new ArchiveError('malformed', `file "${shown(path)}" is there twice`);
    seen.add(path);
    if (entry.type === '1' || entry.type === '2') links.set(path, linkedPath(path, entry));
    else if (entry.type !== '0') throw new ArchiveError('malformed', `"${shown(path)}" is neither a file nor a link`);
    else if (DOCUMENTS.has(path)) documents.set(path, await collectDocument(path, entry.content));
    else if (!LEGACY.test(path)) files.set(path, await receiveFile(path, entry));
  }
  return { place, files, links, documents };
}
