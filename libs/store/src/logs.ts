import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';

import { formatObjectUrl } from '@convox-builds/domain';
import type { Knex } from 'knex';

import type { ObjectStorage } from './objects/object-storage.js';
import type { Claim, LogChunk } from './records.js';

/** The logs of builds: numbered chunks while a build runs, one compressed object after it has ended. */
export interface LogRepository {
  /**
   * Appends a chunk to the log of an attempt.
   *
   * @returns its number; `undefined` when the build has another owner or has ended: nothing was written
   */
  append(claim: Claim, bytes: Buffer): Promise<number | undefined>;
  /** Appends a line of the rack's own, whatever the build's state; `undefined` for a log that was compacted already. */
  appendNote(buildId: string, line: string): Promise<number | undefined>;
  /** Reads chunks after `afterSeq`, in order, at most `limit` of them. Empty: nothing new, or compacted. */
  read(buildId: string, options: { afterSeq: number; limit: number }): Promise<LogChunk[]>;
  /** Streams the log as it is stored now, from wherever it is. */
  stream(buildId: string): AsyncIterable<Buffer>;
  /** Ended builds whose log is still in chunks, oldest first. */
  listToCompact(options: { limit: number }): Promise<string[]>;
  /**
   * Puts the chunks of an ended build into one gzip object, sets `logs`, and deletes the chunks: in this order, so that
   * a crash at any point loses nothing and the next call finishes the work.
   */
  compact(buildId: string): Promise<void>;
}

const READ_CHUNKS = 16;

/** The key of a compacted log in the object storage. */
export function logObjectKey(app: string, buildId: string): string {
  return `${app}/build/${buildId}/logs`;
}

/** One statement that checks the fence, takes the next number and inserts: two appends can never get the same one. */
const APPEND = `
  WITH build AS (
    UPDATE builds SET log_seq = log_seq + 1
    WHERE id = :buildId AND attempt = :attempt AND worker = :worker AND state = 'running'
    RETURNING id, log_seq, attempt
  )
  INSERT INTO log_chunks (build_id, seq, attempt, bytes)
  SELECT id, log_seq, attempt, :bytes FROM build RETURNING seq`;

const APPEND_NOTE = `
  WITH build AS (
    UPDATE builds SET log_seq = log_seq + 1 WHERE id = :buildId AND logs = '' RETURNING id, log_seq, attempt
  )
  INSERT INTO log_chunks (build_id, seq, attempt, bytes)
  SELECT id, log_seq, attempt, :bytes FROM build RETURNING seq`;

async function* streamChunks(knex: Knex, buildId: string): AsyncGenerator<Buffer> {
  for (let afterSeq = 0; ; ) {
    const chunks: LogChunk[] = await readChunks(knex, buildId, { afterSeq, limit: READ_CHUNKS });
    const last = chunks.at(-1);
    if (last === undefined) return;
    for (const { bytes } of chunks) yield bytes;
    afterSeq = last.seq;
  }
}

function readChunks(knex: Knex, buildId: string, { afterSeq, limit }: { afterSeq: number; limit: number }) {
  return knex('log_chunks')
    .where({ build_id: buildId })
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .select('seq', 'bytes');
}

async function* streamLog(knex: Knex, objects: ObjectStorage, buildId: string): AsyncGenerator<Buffer> {
  const build = await knex('builds').where({ id: buildId }).first('app', 'logs');
  if (build === undefined) return;
  const object = build.logs === '' ? undefined : await objects.get(logObjectKey(build.app, buildId));
  if (object === undefined) yield* streamChunks(knex, buildId);
  else yield* object.content.pipe(createGunzip());
}

async function compact(knex: Knex, objects: ObjectStorage, buildId: string): Promise<void> {
  const build = await knex('builds').where({ id: buildId }).whereNotNull('ended_at').first('app', 'logs', 'log_seq');
  if (build === undefined) return;
  if (build.logs === '') {
    const content = Readable.from(streamChunks(knex, buildId), { objectMode: false }).pipe(createGzip());
    await objects.put(logObjectKey(build.app, buildId), content);
    const logs = formatObjectUrl({ app: build.app, key: `build/${buildId}/logs` });
    // A note that came in between makes this miss; the next call takes it in.
    const marked = await knex('builds').where({ id: buildId, log_seq: build.log_seq }).update({ logs });
    if (marked === 0) return;
  }
  await knex('log_chunks').where({ build_id: buildId }).delete();
}

/** Opens the logs of a database and an object storage. */
export function createLogRepository(knex: Knex, objects: ObjectStorage): LogRepository {
  const insert = async (statement: string, bindings: Record<string, string | number | Buffer>) => {
    const { rows } = await knex.raw<{ rows: { seq: number }[] }>(statement, bindings);
    return rows[0]?.seq;
  };
  return {
    append: (claim, bytes) => insert(APPEND, { ...claim, bytes }),
    appendNote: (buildId, line) => insert(APPEND_NOTE, { buildId, bytes: Buffer.from(`${line}\n`) }),
    read: (buildId, options) => readChunks(knex, buildId, options),
    stream: (buildId) => streamLog(knex, objects, buildId),
    listToCompact: ({ limit }) =>
      knex('builds')
        .where({ logs: '' })
        .whereNotNull('ended_at')
        .orderBy('ended_at')
        .limit(limit)
        .pluck<string[]>('id'),
    compact: (buildId) => compact(knex, objects, buildId),
  };
}
