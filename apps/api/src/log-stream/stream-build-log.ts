import { isAppName, isBuildId, isFinalState } from '@convox-builds/domain';
import type { LogPage } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { NOTE_EVERY_MS, noteWait } from '../queue/note-wait.js';

const CHUNKS_AT_ONCE = 8;

type Parts = Pick<ApiParts, 'store' | 'logHub'>;

/** Whose log is wanted, and until when. */
export interface LogRequest {
  readonly app: string;
  readonly buildId: string;
  /** The first byte that is wanted, counted from 0. */
  readonly offset: number;
  /** Whether to wait for what is still to come; otherwise what is there now. */
  readonly isFollowed: boolean;
  readonly signal: AbortSignal;
}

/** There is no such build, or no longer. */
export class BuildNotFoundError extends Error {
  override readonly name = 'BuildNotFoundError';
}

async function readPage({ store }: Parts, { app, buildId: id }: LogRequest, afterSeq: number): Promise<LogPage> {
  const options = { afterSeq, limit: CHUNKS_AT_ONCE };
  const page = isAppName(app) && isBuildId(id) ? await store.logs.readPage({ app, id }, options) : undefined;
  if (page === undefined) throw new BuildNotFoundError(`build not found: ${id.slice(0, 100)}`);
  return page;
}

async function* skipBytes(content: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let missing = count;
  for await (const bytes of content) {
    if (bytes.length > missing) yield bytes.subarray(missing);
    missing = Math.max(0, missing - bytes.length);
  }
}

/**
 * Yields a build's log from a byte on, and follows it until the build has ended and all of it was read. It subscribes
 * first, then reads, then follows: no gap and no repeat, whichever replica the reader is on.
 *
 * @throws {BuildNotFoundError} when there is no such build, or no longer
 */
export async function* streamBuildLog(parts: Parts, request: LogRequest): AsyncGenerator<Buffer> {
  const { buildId, offset } = request;
  const start = offset === 0 ? { afterSeq: 0, skipBytes: 0 } : await parts.store.logs.findPosition(buildId, offset);
  yield* skipBytes(streamChunks(parts, request, start.afterSeq), start.skipBytes);
}

/** What nobody takes any more is not read. */
async function* untilAborted(content: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const bytes of content) {
    signal.throwIfAborted();
    yield bytes;
  }
}

async function* streamChunks(parts: Parts, request: LogRequest, after: number): AsyncGenerator<Buffer> {
  const { buildId, isFollowed, signal } = request;
  const { logs } = parts.store;
  const subscription = parts.logHub.subscribe(buildId);
  let noteAt = performance.now() + NOTE_EVERY_MS;
  try {
    for (let afterSeq = after; !signal.aborted; ) {
      const { state, chunks, isLast } = await readPage(parts, request, afterSeq);
      for (const { seq, bytes } of chunks) {
        afterSeq = seq;
        yield bytes;
      }
      if (isFinalState(state) && !isLast) yield* untilAborted(logs.stream(buildId, { afterSeq }), signal);
      if (isFinalState(state)) return;
      if (chunks.length === CHUNKS_AT_ONCE) continue;
      if (!isFollowed) return;
      if (state === 'queued' && performance.now() > noteAt) {
        noteAt = performance.now() + NOTE_EVERY_MS;
        await noteWait(parts, buildId);
      }
      await subscription.wait(signal);
    }
  } finally {
    subscription.close();
  }
}
