import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { createAlwaysSent } from './always-sent.js';
import { compress } from './compress.js';
import { createIgnoreRules } from './ignore-rules.js';
import { listSource } from './list-source.js';
import { parseIgnoreFile } from './parse-ignore-file.js';
import { writeTar } from './write-tar.js';

/** What {@link packSource} needs to know beside the folder. */
export interface PackOptions {
  /** Path of the manifest below the source folder. */
  readonly manifest: string;
  readonly warn: (message: string) => void;
}

/** A source folder that was listed and can be read as an archive. */
export interface PackedSource {
  readonly entryCount: number;
  /** Sum of all file contents in bytes, uncompressed. */
  readonly contentBytes: number;
  /**
   * Starts the gzip tar stream. Nothing is buffered beyond a few chunks; a file that changes meanwhile breaks it.
   *
   * @param onRead is told how many bytes of the tar were read so far, before they are compressed
   */
  openArchive(onRead?: (bytes: number) => void): Readable;
}

function resolveSource(folder: string): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`cannot build "${folder}": no such folder`);
  if (!stats.isDirectory()) throw new Error(`cannot build "${folder}": it is not a folder`);
  return realpathSync(folder);
}

function readTextIfThere(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}

function readManifest(root: string, manifest: string): { manifest: string; manifestText: string } {
  const inside = relative(root, join(root, manifest));
  if (inside === '' || /^\.\.(?:\/|$)/.test(inside))
    throw new Error(`manifest "${manifest}" is outside the source folder`);
  const manifestText = readTextIfThere(join(root, inside));
  if (manifestText === undefined) throw new Error(`no such file: ${manifest} (in ${root})`);
  return { manifest: inside, manifestText };
}

function* countBytes(chunks: Iterable<Buffer>, onRead: (bytes: number) => void): Generator<Buffer> {
  let bytes = 0;
  for (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    onRead(bytes);
  }
}

/**
 * Lists what a source folder sends and offers it as a gzip tar: no `./`, no root entry, sorted, with folders, symlinks,
 * modes and numeric owners. `.dockerignore` is obeyed as Docker does, except that the manifest, the Dockerfiles and the
 * `.dockerignore` files always travel.
 *
 * @throws {Error} in one line, when the folder, its manifest or its `.dockerignore` cannot be used
 */
export function packSource(folder: string, { manifest, warn }: PackOptions): PackedSource {
  const root = resolveSource(folder);
  const alwaysSent = createAlwaysSent(readManifest(root, manifest));
  const rules = createIgnoreRules(parseIgnoreFile(readTextIfThere(join(root, '.dockerignore')) ?? ''));
  const entries = listSource(root, { rules, alwaysSent, warn });
  return {
    entryCount: entries.length,
    contentBytes: entries.reduce((total, entry) => total + entry.size, 0),
    openArchive: (onRead = () => {}) => {
      const chunks = countBytes(writeTar(root, entries), onRead);
      return Readable.from(compress(chunks), { objectMode: false, highWaterMark: 512 * 1024 });
    },
  };
}
