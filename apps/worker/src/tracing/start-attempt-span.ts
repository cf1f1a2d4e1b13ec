import type { Span } from '@convox-builds/runtime';
import type { BuildRecord } from '@convox-builds/store';

import type { WorkerParts } from '../worker-parts.js';

/** Tells how long a build waited for this attempt: since its request, or since the attempt before it. */
async function traceWait(build: BuildRecord, { store, tracer }: Pick<WorkerParts, 'store' | 'tracer'>): Promise<void> {
  const [current, before] = (await store.attempts.list(build.id)).reverse();
  const startedAt = before?.endedAt ?? build.createdAt;
  const attributes = { 'convox.app': build.app, 'convox.build': build.id, 'convox.lane': build.lane };
  const span = tracer.start('wait in the queue', {
    kind: 'consumer',
    parent: build.traceparent,
    attributes,
    startedAt,
  });
  span.end({ endedAt: current?.startedAt });
}

/**
 * Begins the span of an attempt, in the trace of the request that made the build, behind that of the wait for it.
 *
 * @param mask takes the secrets of the build out of whatever is told of it
 */
export async function startAttemptSpan(
  build: BuildRecord,
  { mask, startedAt }: { mask: (text: string) => string; startedAt: Date },
  parts: Pick<WorkerParts, 'store' | 'tracer' | 'logger'>,
): Promise<Span> {
  const { traceparent: parent } = build;
  const attributes = {
    'convox.app': build.app,
    'convox.build': build.id,
    'convox.attempt': build.attempt,
    'convox.worker': build.worker,
  };
  const span = parts.tracer.start('attempt', { kind: 'consumer', parent, mask, attributes, startedAt });
  if (span.traceId !== undefined && parent !== '')
    await traceWait(build, parts).catch((error: unknown) =>
      parts.logger.warn({ err: error, buildId: build.id }, 'Cannot trace how long a build has waited'),
    );
  return span;
}
