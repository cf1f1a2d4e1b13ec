import { isAppName, isBuildId, isFinalState } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { NOTE_EVERY_MS, noteWait } from '../queue/note-wait.js';

const CHUNKS_AT_ONCE = 16;

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

async function getBuild({ store }: Parts, { app, buildId }: LogRequest): Promise<BuildRecord> {
  const build = isAppName(app) && isBuildId(buildId) ? await store.builds.find(app, buildId) : undefined;
  if (build === undefined) throw new BuildNotFoundError(`build not found: ${buildId.slice(0, 100)}`);
  return build;
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

async function* streamChunks(parts: Parts, request: LogRequest, after: number): AsyncGenerator<Buffer> {
  const { buildId, isFollowed, signal } = request;
  const { logs } = parts.store;
  const subscription = parts.logHub.subscribe(buildId);
  let noteAt = performance.now() + NOTE_EVERY_MS;
  try {
    for (let afterSeq = after; !signal.aborted; ) {
      // The state is read before the chunks: what an ended build wrote is there by then.
      const build = await getBuild(parts, request);
      if (isFinalState(build.state)) {
        yield* logs.stream(buildId, { afterSeq });
        return;
      }
      const chunks = await logs.read(buildId, { afterSeq, limit: CHUNKS_AT_ONCE });
      for (const { seq, bytes } of chunks) {
        afterSeq = seq;
        yield bytes;
      }
      if (chunks.length > 0) continue;
      if (!isFollowed) return;
      if (build.state === 'queued' && performance.now() > noteAt) {
        noteAt = performance.now() + NOTE_EVERY_MS;
        await noteWait(parts, buildId);
      }
      await subscription.wait(signal);
    }
  } finally {
    subscription.close();
  }
}
