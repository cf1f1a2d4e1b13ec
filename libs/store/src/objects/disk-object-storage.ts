import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chown, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, pipeline as pipe, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { TRAILER_BYTES } from '@convox-builds/domain';

import { createMeter } from './create-meter.js';
import { parseTail, type StoredContent, verifyDigest } from './digest-trailer.js';
import { listFiles } from './list-files.js';
import { assertKey, isMissing, TEMPORARY_FOLDER } from './object-keys.js';
import type { ObjectStorage, PutOptions } from './object-storage.js';
import type { StoredObject } from './stored-object.js';
import { sweepAbandoned } from './sweep-abandoned.js';

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder that belongs to whom the root belongs to: workers are root, the api is not, and both write into it. */
async function makeFolder(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(root);
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chown(made, uid, gid);
}

async function putObject(root: string, key: string, content: Readable, options: PutOptions): Promise<StoredObject> {
  assertKey(key);
  const { signal, maxBytes = Number.POSITIVE_INFINITY } = options;
  const target = join(root, key);
  const temporary = join(root, TEMPORARY_FOLDER, randomBytes(12).toString('hex'));
  await makeFolder(root, dirname(temporary));
  const { meter, result } = createMeter(maxBytes);
  try {
    await pipeline(content, meter, createWriteStream(temporary, { flags: 'wx', flush: true }), { signal });
    await makeFolder(root, dirname(target));
    await rename(temporary, target);
    await syncFolder(dirname(target));
    return result();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Reads what a file says of its content. */
async function readTrailer(handle: FileHandle, fileBytes: number): Promise<StoredContent> {
  const tail = Buffer.alloc(Math.min(TRAILER_BYTES, fileBytes));
  await handle.read(tail, 0, tail.length, fileBytes - tail.length);
  return parseTail(tail, fileBytes);
}

interface OpenFile extends StoredContent {
  readonly handle: FileHandle;
}

/** Opens an object's file: its size is that of what is then read, also when the object is replaced meanwhile. */
async function openFile(root: string, key: string): Promise<OpenFile | undefined> {
  assertKey(key);
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(root, key), 'r');
    const file = await handle.stat();
    if (file.isFile()) return { ...(await readTrailer(handle, file.size)), handle };
    await handle.close();
    return undefined;
  } catch (error) {
    await handle?.close();
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readFile({ size, sha256, handle }: OpenFile, key: string): Promise<Readable> {
  // A read stream has no way to say that it ends before it begins.
  if (size === 0) await handle.close();
  const content = size === 0 ? Readable.from([]) : handle.createReadStream({ start: 0, end: size - 1 });
  const verified = sha256 === undefined ? new PassThrough() : verifyDigest(sha256, key);
  // Whoever reads gets the error; a reader that stops early closes the file.
  return pipe(content, verified, () => {});
}

async function findFile(root: string, key: string): Promise<{ size: number } | undefined> {
  const file = await openFile(root, key);
  await file?.handle.close();
  return file && { size: file.size };
}

/**
 * Keeps objects as files in a folder. A file appears under its name only when all of it is on the disk, and ends with the
 * digest of its content: what the disk has changed since then is not served as if it were whole.
 *
 * @throws {SyntaxError} from every method, for a key that is empty, absolute or leaves the folder
 */
export function createDiskObjectStorage({ folder }: { folder: string }): ObjectStorage {
  let swept: Promise<void> | undefined;
  return {
    put: async (key, content, options = {}) => {
      swept ??= sweepAbandoned(join(folder, TEMPORARY_FOLDER));
      await swept;
      return putObject(folder, key, content, options);
    },
    find: (key) => findFile(folder, key),
    get: async (key) => {
      const file = await openFile(folder, key);
      return file && { size: file.size, content: await readFile(file, key) };
    },
    list: (prefix, { limit }) => listFiles(folder, { prefix, limit }),
    delete: async (key) => {
      if ((await findFile(folder, key)) === undefined) return false;
      await rm(join(folder, key), { force: true });
      return true;
    },
    deleteAll: async (prefix) => {
      assertKey(prefix.replace(/\/$/, ''));
      await rm(join(folder, prefix), { recursive: true, force: true });
    },
  };
}
