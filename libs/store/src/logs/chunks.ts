import type { BuildState } from '@convox-builds/domain';
import type { Knex } from 'knex';

import { heldBy } from '../claims.js';
import type { Claim, LogChunk, LogPage, LogPosition } from '../records.js';

/**
 * One statement that checks the fence, takes the next number and inserts: two appends can never get the same one. A part
 * is stored once: whoever lost the answer to an append asks again, and it may have been the answer alone that was lost.
 */
const APPEND = `
  WITH build AS (
    UPDATE builds SET log_seq = log_seq + 1, log_part = coalesce(:part::integer, log_part)
    WHERE id = :buildId AND attempt = :attempt AND worker = :worker AND state = 'running'
      AND (:part::integer IS NULL OR log_part < :part::integer)
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

/** One row for each chunk; one without a chunk when there is none. */
const READ_PAGE = `
  SELECT builds.state, builds.log_seq, chunks.seq, chunks.bytes
  FROM builds LEFT JOIN LATERAL (
    SELECT seq, bytes FROM log_chunks WHERE build_id = builds.id AND seq > :afterSeq ORDER BY seq LIMIT :limit
  ) AS chunks ON true
  WHERE builds.app = :app AND builds.id = :id ORDER BY chunks.seq`;

/** The sizes alone are read, not the bytes. One statement sees all chunks of a log or, once it was compacted, none. */
const FIND_POSITION = `
  SELECT count(*)::integer AS chunks,
    (coalesce(max(seq) FILTER (WHERE chunk_end <= :offset::bigint), 0))::integer AS after_seq,
    (:offset::bigint - coalesce(max(chunk_end) FILTER (WHERE chunk_end <= :offset::bigint), 0))::text AS skip_bytes
  FROM (
    SELECT seq, sum(octet_length(bytes)) OVER (ORDER BY seq) AS chunk_end FROM log_chunks WHERE build_id = :buildId
  ) AS sized`;

/** How many chunks are in memory at once while a log is streamed. */
const CHUNKS_AT_ONCE = 8;

async function insert(knex: Knex, statement: string, bindings: Record<string, string | number | null | Buffer>) {
  const { rows } = await knex.raw<{ rows: { seq: number }[] }>(statement, bindings);
  return rows[0]?.seq;
}

/** The number of the last chunk, when an attempt's part was stored before. */
async function findStoredPart(knex: Knex, claim: Claim, part: number): Promise<number | undefined> {
  const build = await knex('builds').where(heldBy(claim)).where('log_part', '>=', part).first('log_seq');
  return build?.log_seq;
}

/** Appends a chunk of an attempt; `undefined` when the claim is stale. */
export async function appendChunk(
  knex: Knex,
  claim: Claim,
  { bytes, part = null }: { bytes: Buffer; part?: number | null },
): Promise<number | undefined> {
  const seq = await insert(knex, APPEND, { ...claim, part, bytes });
  return seq === undefined && part !== null ? findStoredPart(knex, claim, part) : seq;
}

/** Appends a line of the rack's own; `undefined` when the log was compacted. */
export async function appendNote(knex: Knex, buildId: string, line: string): Promise<number | undefined> {
  return insert(knex, APPEND_NOTE, { buildId, bytes: Buffer.from(`${line}\n`) });
}

/** Reads the chunks after a number that are in the table. */
export async function readChunks(
  knex: Knex,
  buildId: string,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<LogChunk[]> {
  return knex('log_chunks')
    .where({ build_id: buildId })
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .select('seq', 'bytes');
}

type PageRow = { readonly state: BuildState; readonly log_seq: number } & (
  | LogChunk
  | { readonly seq: null; readonly bytes: null }
);

/** Reads a build's state and the chunks after a number that are in the table; `undefined` when there is no such build. */
export async function readPage(
  knex: Knex,
  build: { app: string; id: string },
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<LogPage | undefined> {
  const { rows } = await knex.raw<{ rows: PageRow[] }>(READ_PAGE, { ...build, afterSeq, limit });
  const [first] = rows;
  if (first === undefined) return undefined;
  const chunks = rows.flatMap(({ seq, bytes }) => (seq === null ? [] : [{ seq, bytes }]));
  const lastSeq = chunks.at(-1)?.seq ?? afterSeq;
  // A log without chunks may be an object that the client of an external build has uploaded.
  return { state: first.state, chunks, isLast: first.log_seq > 0 && lastSeq === first.log_seq };
}

/** Finds the chunk in the table that has a byte of the log; `undefined` when the table has none of this log. */
export async function findPositionInChunks(
  knex: Knex,
  buildId: string,
  offset: number,
): Promise<LogPosition | undefined> {
  const { rows } = await knex.raw<{ rows: { chunks: number; after_seq: number; skip_bytes: string }[] }>(
    FIND_POSITION,
    { buildId, offset },
  );
  const [found] = rows;
  if (found === undefined || found.chunks === 0) return undefined;
  return { afterSeq: found.after_seq, skipBytes: Number(found.skip_bytes) };
}

/** Streams the chunks after a number until the table has no more. */
export async function* streamChunks(knex: Knex, buildId: string, afterSeq: number): AsyncGenerator<LogChunk> {
  for (let last = afterSeq; ; ) {
    const chunks = await readChunks(knex, buildId, { afterSeq: last, limit: CHUNKS_AT_ONCE });
    yield* chunks;
    const end = chunks.at(-1);
    if (end === undefined || chunks.length < CHUNKS_AT_ONCE) return;
    last = end.seq;
  }
}
