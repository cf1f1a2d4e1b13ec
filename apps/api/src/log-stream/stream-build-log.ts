import { isFinalState } from '@convox-builds/domain';

import type { ApiParts } from '../api-parts.js';

const CHUNKS_AT_ONCE = 16;

type Parts = Pick<ApiParts, 'store' | 'logHub'>;

/** Whose log is wanted, and until when. */
export interface LogRequest {
  readonly app: string;
  readonly buildId: string;
  readonly signal: AbortSignal;
}

async function* readNewChunks({ store }: Parts, buildId: string, afterSeq: number) {
  for (let last = afterSeq; ; ) {
    const chunks = await store.logs.read(buildId, { afterSeq: last, limit: CHUNKS_AT_ONCE });
    yield* chunks;
    const end = chunks.at(-1);
    if (end === undefined) return;
    last = end.seq;
  }
}

/**
 * Yields a build's log from its first byte, and follows it until the build has ended and all of it was read. It subscribes
 * first, then reads, then follows: no gap and no repeat, whichever replica the reader is on.
 *
 * @throws {RangeError} when there is no such build
 */
export async function* streamBuildLog(parts: Parts, { app, buildId, signal }: LogRequest): AsyncGenerator<Buffer> {
  const { store, logHub } = parts;
  const subscription = logHub.subscribe(buildId);
  try {
    for (let afterSeq = 0; !signal.aborted; ) {
      // The state is read before the chunks: what an ended build wrote is there by then.
      const build = await store.builds.find(app, buildId);
      if (build === undefined) throw new RangeError(`build not found: ${buildId}`);
      if (build.logs !== '' && afterSeq === 0) return yield* store.logs.stream(buildId);
      for await (const { seq, bytes } of readNewChunks(parts, buildId, afterSeq)) {
        afterSeq = seq;
        yield bytes;
      }
      if (isFinalState(build.state)) return;
      await subscription.wait(signal);
    }
  } finally {
    subscription.close();
  }
}
