import { isAppName, isBuildId, isFinalState, parseObjectUrl } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';
import { skipBytes } from './skip-bytes.js';

const CHUNKS_AT_ONCE = 16;

type Parts = Pick<ApiParts, 'store' | 'objects' | 'logHub'>;

/** Whose log is wanted, and until when. */
export interface LogRequest {
  readonly app: string;
  readonly buildId: string;
  /** Whether to wait for what is still to come; otherwise what is there now. */
  readonly isFollowed: boolean;
  readonly signal: AbortSignal;
}

/** The log has no build. */
export class BuildNotFoundError extends Error {
  override readonly name = 'BuildNotFoundError';
}

async function getBuild({ store }: Parts, { app, buildId }: LogRequest): Promise<BuildRecord> {
  const build = isAppName(app) && isBuildId(buildId) ? await store.builds.find(app, buildId) : undefined;
  if (build === undefined) throw new BuildNotFoundError(`build not found: ${buildId.slice(0, 100)}`);
  return build;
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

/** The log as it is kept after the end. That of an external build is as its client has uploaded it. */
async function* readStoredLog({ store, objects }: Parts, build: BuildRecord): AsyncGenerator<Buffer> {
  if (!build.options.external) return yield* store.logs.stream(build.id);
  const { app, key } = parseObjectUrl(build.logs);
  const object = await objects.get(`${app}/${key}`);
  if (object !== undefined) yield* object.content;
}

/**
 * Yields a build's log from its first byte, and follows it until the build has ended and all of it was read. It subscribes
 * first, then reads, then follows: no gap and no repeat, whichever replica the reader is on, and also when the log is
 * put away from the table into its object in the meantime.
 *
 * @throws {BuildNotFoundError} when there is no such build, or no longer
 */
export async function* streamBuildLog(parts: Parts, request: LogRequest): AsyncGenerator<Buffer> {
  const { buildId, isFollowed, signal } = request;
  const subscription = parts.logHub.subscribe(buildId);
  let afterSeq = 0;
  let readBytes = 0;
  try {
    while (!signal.aborted) {
      // The state is read before the chunks: what an ended build wrote is there by then.
      const build = await getBuild(parts, request);
      if (build.logs === '') {
        for await (const { seq, bytes } of readNewChunks(parts, buildId, afterSeq)) {
          afterSeq = seq;
          readBytes += bytes.length;
          yield bytes;
        }
      }
      if (isFinalState(build.state)) {
        // Chunks are only deleted after the log has an address: without one by now, all of them were there.
        const ended = build.logs === '' ? await getBuild(parts, request) : build;
        if (ended.logs !== '') yield* skipBytes(readStoredLog(parts, ended), readBytes);
        return;
      }
      if (!isFollowed) return;
      await subscription.wait(signal);
    }
  } finally {
    subscription.close();
  }
}
