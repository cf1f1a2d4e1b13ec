import type { Knex } from 'knex';

import type { ObjectStorage } from '../objects/object-storage.js';
import type { Claim, LogChunk, LogPage, LogPosition } from '../records.js';
import { appendChunk, appendNote, findPositionInChunks, readChunks, readPage, streamChunks } from './chunks.js';
import { compactLog, findPositionInCompacted, type LogPlaces, streamCompacted } from './compacted-log.js';
import { type LogOwner, removeLog, type StoredLog, storeLog } from './store-log.js';

/** The logs of builds: numbered chunks while a build runs, one compressed object after it has ended. */
export interface LogRepository {
  /**
   * Appends a chunk to the log of an attempt.
   *
   * @param options.part counts the attempt's chunks from 1. With it a call that was not answered can be repeated: what
   *   is stored already is not stored again
   * @returns its number, or after a repeated call that of a later one; `undefined` when the build has another owner or
   *   has ended: nothing was written
   */
  append(claim: Claim, bytes: Buffer, options?: { part: number }): Promise<number | undefined>;
  /** Appends a line of the rack's own, whatever the build's state; `undefined` for a log that was compacted already. */
  appendNote(buildId: string, line: string): Promise<number | undefined>;
  /**
   * Reads chunks after `afterSeq`, in order, at most `limit` of them, from wherever they are. Empty: nothing new. Of a
   * compacted log each call unpacks all of it up to there: {@link stream} reads it once.
   */
  read(buildId: string, options: { afterSeq: number; limit: number }): Promise<LogChunk[]>;
  /**
   * Reads the next chunks after `afterSeq` that are in the table, at most `limit` of them, and the build's state, at one
   * instant: behind the last chunk of an ended build nothing comes any more. `undefined` when there is no such build.
   */
  readPage(
    build: { app: string; id: string },
    options: { afterSeq: number; limit: number },
  ): Promise<LogPage | undefined>;
  /** Streams the log as it is stored now, after a chunk (default from the start), also while it is compacted. */
  stream(buildId: string, options?: { afterSeq: number }): AsyncIterable<Buffer>;
  /**
   * Finds the chunk in which a byte of the log stands, from the chunks' sizes alone. Chunks keep their numbers and sizes
   * when they are compacted, so a position found before holds afterwards. Behind the end of the log: its last chunk, and
   * how many bytes are still to come.
   */
  findPosition(buildId: string, offset: number): Promise<LogPosition>;
  /** How many bytes a log has now. */
  size(buildId: string): Promise<number>;
  /** Stores the whole log of a build that is recorded afterwards ({@link BuildRepository.import}). */
  storeWhole(owner: LogOwner, content: AsyncIterable<Buffer>): Promise<StoredLog>;
  /** Removes such a log: its build was not recorded. */
  removeWhole(owner: LogOwner): Promise<void>;
  /** Ended builds whose log is still in chunks, oldest first. */
  listToCompact(options: { limit: number }): Promise<string[]>;
  /**
   * Puts the chunks of an ended build into one gzip object, then, in one statement, sets `logs` and deletes the chunks:
   * a crash at any point loses nothing.
   */
  compact(buildId: string): Promise<void>;
}

/** A log only ever moves from the table to the object: who reads them in this order misses nothing. */
async function* streamLog(places: LogPlaces, buildId: string, afterSeq: number): AsyncGenerator<LogChunk> {
  let last = afterSeq;
  for await (const chunk of streamChunks(places.knex, buildId, afterSeq)) {
    // The chunks may be deleted between two queries, but not from within one.
    last = chunk.seq;
    yield chunk;
  }
  yield* streamCompacted(places, buildId, last);
}

async function readLog(places: LogPlaces, buildId: string, options: { afterSeq: number; limit: number }) {
  const chunks = await readChunks(places.knex, buildId, options);
  if (chunks.length > 0) return chunks;
  for await (const chunk of streamCompacted(places, buildId, options.afterSeq)) {
    chunks.push(chunk);
    if (chunks.length === options.limit) break;
  }
  return chunks;
}

const MAX_OFFSET = Number.MAX_SAFE_INTEGER;

async function* bytesOf(chunks: AsyncIterable<LogChunk>): AsyncGenerator<Buffer> {
  for await (const { bytes } of chunks) yield bytes;
}

/** Opens the logs of a database and an object storage. */
export function createLogRepository(knex: Knex, objects: ObjectStorage): LogRepository {
  const places = { knex, objects };
  const findPosition = async (buildId: string, offset: number) =>
    (await findPositionInChunks(knex, buildId, offset)) ?? findPositionInCompacted(places, buildId, offset);
  return {
    append: (claim, bytes, options) => appendChunk(knex, claim, { bytes, ...options }),
    appendNote: (buildId, line) => appendNote(knex, buildId, line),
    read: (buildId, options) => readLog(places, buildId, options),
    readPage: (build, options) => readPage(knex, build, options),
    stream: (buildId, { afterSeq } = { afterSeq: 0 }) => bytesOf(streamLog(places, buildId, afterSeq)),
    findPosition,
    // Where nothing comes any more, the position tells how far it is from the end.
    size: async (buildId) => MAX_OFFSET - (await findPosition(buildId, MAX_OFFSET)).skipBytes,
    storeWhole: (owner, content) => storeLog(objects, owner, content),
    removeWhole: (owner) => removeLog(objects, owner),
    listToCompact: ({ limit }) =>
      knex('builds')
        .where({ logs: '' })
        .whereNotNull('ended_at')
        .orderBy('ended_at')
        .limit(limit)
        .pluck<string[]>('id'),
    compact: (buildId) => compactLog(places, buildId),
  };
}
