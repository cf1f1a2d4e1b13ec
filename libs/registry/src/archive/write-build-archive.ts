import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { type BuiltImages, serviceImageTag } from '@convox-builds/domain';
import { TAR_END_BYTES } from '@convox-builds/tar';

import type { ImagePlace } from './list-image.js';
import { type Section, sectionOf, sizeOf, tarFile } from './section.js';
import { storeGzip } from './store-gzip.js';
import { writeImageLayout } from './write-image-layout.js';

/** What goes into an archive. */
export interface ArchivedBuild {
  readonly id: string;
  /** The build as the rack's API shows it. */
  readonly json: object;
  readonly endedAt: Date;
  readonly images: BuiltImages;
  readonly log: Section;
}

/** An archive that can be sent. */
export interface BuildArchive {
  /** Bytes. */
  readonly size: number;
  /** The same for the same bytes. */
  readonly etag: string;
  /**
   * Opens the archive from a byte on. It fails, and does not end, when the registry or the log cannot give what they
   * had before.
   */
  open(options?: { from?: number; signal?: AbortSignal }): Readable;
}

/** To be raised when the same build is written in other bytes: a download that broke off must not go on with them. */
const FORMAT = 2;

function etagOf(build: ArchivedBuild): string {
  const { json, images, log, endedAt } = build;
  const hash = createHash('sha256').update(JSON.stringify([FORMAT, json, images, log.size, endedAt]));
  return `"${hash.digest('base64url').slice(0, 22)}"`;
}

async function* readFrom(
  sections: readonly Section[],
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let skipped = from;
  for (const section of sections) {
    // What was sent before is not even fetched.
    if (skipped >= section.size) {
      skipped -= section.size;
      continue;
    }
    for await (const piece of await section.open(signal)) {
      if (skipped < piece.length) yield skipped === 0 ? piece : piece.subarray(skipped);
      skipped = Math.max(0, skipped - piece.length);
    }
  }
}

/**
 * Plans the archive of a build (Convox's version 3): gzip over tar, `build.json` first, then the log and an OCI image
 * layout for each service. All that can be missing is looked for now; content is fetched while the archive is read.
 * The bytes are the same each time.
 *
 * @throws {RegistryError} when an image is not whole
 */
export async function writeBuildArchive(place: ImagePlace, build: ArchivedBuild): Promise<BuildArchive> {
  const modifiedSeconds = Math.floor(build.endedAt.getTime() / 1000);
  const file = (path: string, content: readonly Section[]) => tarFile({ path, mode: 0o600, modifiedSeconds, content });
  const json = sectionOf(Buffer.from(`${JSON.stringify(build.json, undefined, 2)}\n`));
  const sections = [...file('build.json', [json])];
  if (build.log.size > 0) sections.push(...file('build.log', [build.log]));
  for (const service of Object.keys(build.images).sort()) {
    const image = build.images[service];
    if (image === undefined) continue;
    sections.push(...file(`${serviceImageTag(service, build.id)}.tar`, await writeImageLayout(place, image)));
  }
  sections.push(sectionOf(Buffer.alloc(TAR_END_BYTES)));
  const members = sections.filter(({ size }) => size > 0).map(storeGzip);
  return {
    size: sizeOf(members),
    etag: etagOf(build),
    open: ({ from = 0, signal } = {}) => Readable.from(readFrom(members, from, signal), { objectMode: false }),
  };
}
