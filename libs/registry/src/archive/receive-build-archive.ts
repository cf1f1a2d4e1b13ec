import type { Readable } from 'node:stream';

import { readTar, type TarEntry, TarError } from '@convox-builds/tar';

import { ArchiveError, shown } from './archive-error.js';
import type { ArchiveLimits } from './archive-limits.js';
import type { ArchivedImage } from './archived-image.js';
import type { ImagePlace } from './list-image.js';
import { collectDocument, parseDocument } from './read-document.js';
import { receiveImageTar } from './receive-image-tar.js';
import { resolveDockerSave } from './resolve-docker-save.js';
import { resolveLayout } from './resolve-layout.js';
import { unpackArchive } from './unpack-archive.js';

/** What an archive had in it. */
export interface ReceivedArchive {
  /** `build.json`, not checked yet. */
  readonly build: unknown;
  /** By service. */
  readonly images: ReadonlyMap<string, ArchivedImage>;
  /** What was odd about it, a line each. */
  readonly warnings: readonly string[];
}

/** Where the contents of an archive go. */
export interface ArchiveTarget {
  readonly place: ImagePlace;
  readonly limits: ArchiveLimits;
  /** Stores the build's log; called once at most. */
  readonly storeLog: (content: AsyncIterable<Buffer>) => Promise<void>;
}

/** The files of `convox apps export`, which is something else. */
const APP_EXPORT = new Set(['app.json', 'env', 'build.tgz', 'resources']);
const MAX_WARNINGS = 20;
/** Of all images together: they are in memory until all is checked. */
const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;

const malformed = (message: string) => new ArchiveError('malformed', message);

/** A plain file name; `undefined` for the entry with an empty name that Convox writes. */
function readName({ path, type, size }: TarEntry): string | undefined {
  const name = path.replace(/^\.\//, '').replace(/\/$/, '');
  const isNameless = name === '' || name === '.';
  if (isNameless && size === 0 && (type === '5' || type === '0')) return undefined;
  if (APP_EXPORT.has(name.split('/')[0] ?? '')) {
    throw malformed('this is the export of an app (convox apps export) and not of a build');
  }
  if (type !== '0') throw malformed(`archive has "${shown(name)}", which is no file`);
  if (isNameless || name === '..' || /[/\\\0]/.test(name))
    throw malformed(`archive has a bad file name: "${shown(path)}"`);
  return name;
}

/** Collects what an archive has in it, file by file, as it passes. */
class ArchiveReader {
  build: unknown;
  readonly images = new Map<string, ArchivedImage>();
  readonly warnings: string[] = [];
  readonly #names = new Set<string>();
  #manifestBytes = 0;
  readonly #target: ArchiveTarget;

  constructor(target: ArchiveTarget) {
    this.#target = target;
  }

  async read(entry: TarEntry): Promise<void> {
    const name = readName(entry);
    if (name === undefined) return;
    if (this.#names.has(name)) throw malformed(`archive has "${shown(name)}" twice`);
    this.#names.add(name);
    if (name === 'build.json') this.build = parseDocument(name, await collectDocument(name, entry.content));
    else if (name === 'build.log') await this.#target.storeLog(entry.content);
    else if (name.endsWith('.tar')) await this.#readImages(name, entry.content).catch(explain(name));
    else if (this.warnings.length < MAX_WARNINGS) this.warnings.push(`archive has an unknown file: ${shown(name)}`);
  }

  finish(): ReceivedArchive {
    if (!this.#names.has('build.json')) throw malformed('archive has no build.json');
    return this;
  }

  /** What is inside decides what it is, not its name. */
  async #readImages(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const tar = await receiveImageTar(content, this.#target);
    if (tar.documents.has('manifest.json')) {
      for (const { services, image } of await resolveDockerSave(tar)) {
        for (const service of services) this.#add(service, image);
      }
    } else if (tar.documents.has('oci-layout') && tar.documents.has('index.json')) {
      this.#add(name.split('.')[0] ?? '', await resolveLayout(tar));
    } else throw malformed(`unrecognised image archive: ${shown(name)}`);
  }

  #add(service: string, image: ArchivedImage): void {
    if (this.images.has(service)) {
      throw new ArchiveError('unfit', `archive has more than one image for service: ${shown(service)}`);
    }
    for (const { bytes } of image.manifests) this.#manifestBytes += bytes.length;
    if (this.#manifestBytes > MAX_MANIFEST_BYTES) throw malformed('archive has too many image manifests');
    this.images.set(service, image);
  }
}

const explain = (name: string) => (error: unknown) => {
  const isOurs = error instanceof ArchiveError || error instanceof TarError;
  if (!isOurs || error.message.includes(shown(name))) throw error;
  const code = error instanceof ArchiveError ? error.code : 'malformed';
  throw new ArchiveError(code, `${shown(name)}: ${error.message}`, { cause: error });
};

/**
 * Reads an archive of a build, as Convox versions 2 and 3 and this rack write them, from its first byte to its last. The
 * blobs of its images go to the registry as they pass; nothing names them before {@link publishImages}.
 *
 * @throws {ArchiveError} when it is damaged, over a limit, or no archive of a build
 * @throws {RegistryError} when the registry does not take the blobs
 */
export async function receiveBuildArchive(archive: Readable, target: ArchiveTarget): Promise<ReceivedArchive> {
  const { limits, place } = target;
  const { signal = new AbortController().signal } = place;
  const reader = new ArchiveReader(target);
  try {
    const tar = unpackArchive(archive, limits, signal);
    for await (const entry of readTar(tar, { maxEntries: limits.maxEntries, maxFileBytes: limits.maxBytes })) {
      await reader.read(entry);
    }
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    throw new ArchiveError('malformed', `cannot read archive: ${error.message}`, { cause: error });
  }
  return reader.finish();
}
