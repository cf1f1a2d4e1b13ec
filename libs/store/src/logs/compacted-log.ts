import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

import { formatObjectUrl, parseObjectUrl } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { ObjectStorage } from '../objects/object-storage.js';
import type { LogChunk, LogPosition } from '../records.js';
import { streamChunks } from './chunks.js';
import { cutInto } from './cut-into.js';
import { repairUtf8 } from './repair-utf8.js';

/** A database and an object storage: a log is in one of them. */
export interface LogPlaces {
  readonly knex: Knex;
  readonly objects: ObjectStorage;
}

interface LoggedBuild {
  readonly id: string;
  readonly app: string;
  readonly log_seq: number;
}

/** Nothing is named, and nothing deleted, when the log has changed meanwhile. */
const MOVE = `
  WITH moved AS (
    UPDATE builds SET logs = :logs WHERE id = :id AND logs = '' AND log_seq = :logSeq RETURNING id
  ), sized AS (
    INSERT INTO compacted_logs (build_id, chunk_sizes) SELECT id, :sizes::integer[] FROM moved
  )
  DELETE FROM log_chunks WHERE build_id IN (SELECT id FROM moved)`;

/** The object of an app's own that a URL names; the client of an external build may have written anything there. */
function findObjectKey(app: string, url: string): string | undefined {
  try {
    const object = parseObjectUrl(url);
    return object.app === app ? `${app}/${object.key}` : undefined;
  } catch {
    return undefined;
  }
}

function gunzip(content: Readable): AsyncIterable<Buffer> {
  const plain = createGunzip();
  // Whoever reads gets the error; a reader that stops early ends the whole line of streams.
  pipeline(content, plain).catch(() => {});
  return plain;
}

/** Streams the chunks after a number from the log's object, cut as they were written; nothing when there is no object. */
export async function* streamCompacted(
  { knex, objects }: LogPlaces,
  buildId: string,
  afterSeq: number,
): AsyncGenerator<LogChunk> {
  const build = await knex('builds').where({ id: buildId }).first('app', 'logs');
  const key = build === undefined ? undefined : findObjectKey(build.app, build.logs);
  const object = key === undefined ? undefined : await objects.get(key);
  if (object === undefined) return;
  const compacted = await knex('compacted_logs').where({ build_id: buildId }).first('chunk_sizes');
  // What we did not compact was uploaded by the client of an external build, as plain text.
  const content: AsyncIterable<Buffer> = compacted === undefined ? repairUtf8(object.content) : gunzip(object.content);
  let seq = 0;
  for await (const bytes of cutInto(content, compacted?.chunk_sizes ?? [])) {
    if (++seq > afterSeq) yield { seq, bytes };
  }
}

/** Finds the chunk of a compacted log that has a byte of it; a log that we did not compact is one chunk. */
export async function findPositionInCompacted(
  { knex }: Pick<LogPlaces, 'knex'>,
  buildId: string,
  offset: number,
): Promise<LogPosition> {
  const compacted = await knex('compacted_logs').where({ build_id: buildId }).first('chunk_sizes');
  let position: LogPosition = { afterSeq: 0, skipBytes: offset };
  for (const size of compacted?.chunk_sizes ?? []) {
    if (size > position.skipBytes) break;
    position = { afterSeq: position.afterSeq + 1, skipBytes: position.skipBytes - size };
  }
  return position;
}

/** Writes what a log has up to a number, and tells the sizes; `undefined` when somebody else compacted it meanwhile. */
async function writeObject(
  { knex, objects }: LogPlaces,
  build: LoggedBuild,
  key: string,
): Promise<number[] | undefined> {
  const sizes: number[] = [];
  const gone = new Error(`Cannot compact the log of build "${build.id}": its chunks are gone`);
  async function* wholeLog(): AsyncGenerator<Buffer> {
    for await (const { seq, bytes } of streamChunks(knex, build.id, 0)) {
      if (seq > build.log_seq) break;
      sizes.push(bytes.length);
      yield bytes;
    }
    // Thrown before the object's end, so that no part of a log is ever stored as the whole.
    if (sizes.length !== build.log_seq) throw gone;
  }
  const gzip = createGzip();
  try {
    await Promise.all([pipeline(Readable.from(wholeLog()), gzip), objects.put(key, gzip)]);
    return sizes;
  } catch (error) {
    if (error === gone) return undefined;
    throw error;
  }
}

/** Moves the log of an ended build from the table into an object. A line that comes in between is taken in by the next call. */
export async function compactLog(places: LogPlaces, buildId: string): Promise<void> {
  const build: LoggedBuild | undefined = await places
    .knex('builds')
    .where({ id: buildId, logs: '' })
    .whereNotNull('ended_at')
    .first('id', 'app', 'log_seq');
  if (build === undefined) return;
  const { id, app, log_seq: logSeq } = build;
  // One name for one content: two that compact at the same time cannot replace more by less.
  const key = `build/${id}/logs-${logSeq}.gz`;
  const sizes = await writeObject(places, build, `${app}/${key}`);
  if (sizes === undefined) return;
  await places.knex.raw(MOVE, { id, logSeq, logs: formatObjectUrl({ app, key }), sizes });
}
