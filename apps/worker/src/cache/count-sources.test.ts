import type { Vertex } from '@convox-builds/buildkit-client';
import test from 'ava';

import { createSourceCounter } from './count-sources.js';

const started = new Date('2026-01-02T03:04:05.000Z');
const completed = new Date('2026-01-02T03:04:06.500Z');
const RUN: Vertex = { digest: 'sha256:a', name: '[2/2] RUN make', isCached: false, started, completed };

function count(...vertexes: Vertex[]) {
  const counter = createSourceCounter();
  for (const vertex of vertexes) counter.add({ vertexes: [vertex] });
  return counter.result();
}

test('createSourceCounter() tells cached steps from those that were run, each once', (t) => {
  const running = { ...RUN, completed: undefined };
  const cached = { ...RUN, digest: 'sha256:b', isCached: true };
  t.like(count(running, RUN, { ...RUN, isCached: true }, cached), { cachedSteps: 1, builtSteps: 1, builtMs: 1500 });
});

test('createSourceCounter() counts neither base images nor what is no step of the Dockerfile', (t) => {
  const names = ['[1/2] FROM busybox', '[build 1/2] FROM x@sha256:1', '[internal] load build context'];
  const steps = [...names, 'exporting to image', 'importing cache manifest from r/a@sha256:1'].map((name) => ({
    ...RUN,
    digest: name,
    name,
  }));
  t.deepEqual(count(...steps), { cachedSteps: 0, builtSteps: 0, builtMs: 0, importMs: 1500, importError: undefined });
});

test('createSourceCounter() tells why there was no import', (t) => {
  const failed = { ...RUN, name: 'importing cache manifest from r/a@sha256:1', error: 'not found' };
  t.like(count(failed), { importMs: 1500, importError: 'not found' });
});
