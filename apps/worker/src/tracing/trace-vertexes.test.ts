import type { Vertex } from '@convox-builds/buildkit-client';
import { NO_TRACER, type Span, type SpanEnd, type SpanOptions } from '@convox-builds/runtime';
import test from 'ava';

import { createVertexTracer } from './trace-vertexes.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds));
const STEP: Vertex = { digest: 'sha256:a', name: '[2/2] RUN make', isCached: false };

/** Traces solves, each by its reports, and gives the spans that come of them. */
function trace(solves: Vertex[][][]) {
  const spans: unknown[] = [];
  const none = NO_TRACER.start('image', { kind: 'consumer' });
  const start: Span['start'] = (name, { startedAt }: SpanOptions = {}) => ({
    ...none,
    end: ({ endedAt, error }: SpanEnd = {}) => void spans.push({ name, startedAt, endedAt, error }),
  });
  const tracer = createVertexTracer({ ...none, traceId: 'ab', start });
  for (const reports of solves) {
    for (const vertexes of reports) tracer.add({ vertexes, progress: [], logs: [], warnings: [] });
    tracer.end();
  }
  return spans;
}

test('createVertexTracer() tells of a step once, from its first begin to its last end', (t) => {
  const reports = [
    [STEP],
    [{ ...STEP, started: at(1) }],
    [{ ...STEP, started: at(1), completed: at(2) }],
    [{ ...STEP, started: at(3) }],
    [{ ...STEP, started: at(3), completed: at(5), error: 'exit code: 2' }],
  ];
  const { name } = STEP;
  t.deepEqual(trace([reports]), [{ name, startedAt: at(1), endedAt: at(5), error: 'exit code: 2' }]);
});

test('createVertexTracer() tells of a step again when it is solved again, and not of one that did not end', (t) => {
  const first = [[{ ...STEP, started: at(1), completed: at(2) }]];
  const second = [[{ ...STEP, started: at(7), completed: at(7), isCached: true }]];
  const open = [[{ ...STEP, started: at(9) }]];
  t.like(trace([first, second, open]), [{ startedAt: at(1) }, { startedAt: at(7), endedAt: at(7) }]);
  t.is(trace([first, second, open]).length, 2);
});

test('createVertexTracer() keeps nothing of what is not traced', (t) => {
  const span = NO_TRACER.start('image', { kind: 'consumer' });
  t.is(span.traceId, undefined);
  const tracer = createVertexTracer({ ...span, start: () => t.fail() });
  tracer.add({ vertexes: [{ ...STEP, started: at(1), completed: at(2) }], progress: [], logs: [], warnings: [] });
  tracer.end();
  t.pass();
});
