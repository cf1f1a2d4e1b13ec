import type { ExpiredLease } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

/**
 * Puts the attempt of a worker that was lost into the trace of its build: what a worker has not ended it has never
 * reported. How long it took is what the database says.
 */
export async function traceLostAttempt(
  { store, tracer }: Pick<ApiParts, 'store' | 'tracer'>,
  lost: ExpiredLease,
): Promise<void> {
  if (lost.traceparent === '') return;
  const attempt = (await store.attempts.list(lost.buildId)).find(({ attempt: number }) => number === lost.attempt);
  if (attempt === undefined) return;
  const attributes = {
    'convox.app': lost.app,
    'convox.build': lost.buildId,
    'convox.attempt': lost.attempt,
    'convox.worker': attempt.worker,
    'convox.outcome': 'lost',
    'convox.failure_class': 'lost-worker',
  };
  const { startedAt } = attempt;
  const span = tracer.start('attempt', { kind: 'consumer', parent: lost.traceparent, attributes, startedAt });
  span.end({ error: 'the worker was lost', endedAt: attempt.endedAt ?? undefined });
}
