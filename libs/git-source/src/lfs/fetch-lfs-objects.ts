import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { GitError } from '../git-error.js';
import type { GitServer } from '../http/git-server.js';
import { limitTransfer, type TransferLimits } from '../limit-transfer.js';
import { askLfsBatch } from './ask-lfs-batch.js';
import { downloadLfsObject } from './download-lfs-object.js';
import { findLfsServer } from './find-lfs-server.js';
import type { LfsPointer } from './lfs-pointer.js';

/** As many as the servers of the large forges take at once. */
const BATCH_SIZE = 100;
const DOWNLOADS_AT_ONCE = 4;

/** A pointer, and the file that it stands for. */
export interface LfsFile extends LfsPointer {
  readonly path: string;
}

/** From where objects come, and into which repository's folder. */
export interface FetchLfsOptions {
  readonly server: GitServer;
  readonly gitDir: string;
  readonly limits: TransferLimits;
  /** Where programs are looked for: the value of `PATH`. */
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

interface Work extends FetchLfsOptions {
  readonly folder: string;
}

/** Where an object is once it has been fetched. */
export const lfsObjectPath = (gitDir: string, { oid }: LfsPointer) => join(gitDir, 'lfs', oid);

/** Makes room: what no file of this commit stands for is not kept. */
async function listKept(folder: string, wanted: ReadonlyMap<string, LfsFile>): Promise<ReadonlySet<string>> {
  await mkdir(folder, { recursive: true });
  const kept = new Set<string>();
  for (const name of await readdir(folder)) {
    if (wanted.has(name)) kept.add(name);
    else await rm(join(folder, name), { force: true });
  }
  return kept;
}

/** Says of which file it was, unless it was nobody's fault. */
function ofFile(error: unknown, path: string): unknown {
  if (!(error instanceof GitError)) return error;
  return new GitError(error.code, `"${path}" is in Git LFS: ${error.message}`, { cause: error });
}

async function downloadBatch(files: readonly LfsFile[], work: Work): Promise<boolean> {
  const { folder } = work;
  const server = await findLfsServer(work.server, work);
  const places = server && (await askLfsBatch(files, server, work.signal));
  if (server === undefined || places === undefined) return false;
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const queue = [...files];
  const take = async () => {
    for (let file = queue.shift(); file !== undefined && !signal.aborted; file = queue.shift()) {
      const place = places.get(file.oid) ?? { status: 404 };
      const download = downloadLfsObject(file, { place, server, path: join(folder, file.oid), signal });
      // The first failure is the one that counts, and ends all others.
      const { path } = file;
      await download.catch((error: unknown) => stop.abort(ofFile(error, path)));
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, take));
  work.signal.throwIfAborted();
  stop.signal.throwIfAborted();
  return true;
}

/**
 * Brings what files in Git LFS stand for; what an earlier fetch has brought is there already. Each has the size and the
 * SHA-256 that its pointer says.
 *
 * @returns `false` when the server has no Git LFS
 * @throws {GitError}
 */
export async function fetchLfsObjects(files: readonly LfsFile[], options: FetchLfsOptions): Promise<boolean> {
  const folder = join(options.gitDir, 'lfs');
  const wanted = new Map(files.map((file) => [file.oid, file]));
  const kept = await listKept(folder, wanted);
  const missing = [...wanted.values()].filter(({ oid }) => !kept.has(oid));
  const limit = limitTransfer(options.gitDir, options.limits);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  try {
    for (let at = 0; at < missing.length; at += BATCH_SIZE) {
      const batch = missing.slice(at, at + BATCH_SIZE);
      if (!(await downloadBatch(batch, { ...options, folder, signal }))) return false;
    }
    return true;
  } finally {
    limit.stop();
  }
}
