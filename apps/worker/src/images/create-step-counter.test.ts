import type { Vertex } from '@convox-builds/buildkit-client';
import { createLogger, createMetrics } from '@convox-builds/runtime';
import test from 'ava';

import { createWorkerMetrics } from '../worker-metrics.js';
import { createStepCounter } from './create-step-counter.js';

const started = new Date('2026-01-02T03:04:05.000Z');
const STEP: Vertex = { digest: 'sha256:a', name: '[2/2] RUN make', isCached: false, started };
const DONE: Vertex = { ...STEP, completed: new Date('2026-01-02T03:04:06.000Z') };

async function count(...reports: Vertex[][]): Promise<string[]> {
  const metrics = createMetrics({ logger: createLogger({ name: 'test', level: 'silent' }) });
  const countSteps = createStepCounter(createWorkerMetrics(metrics));
  for (const vertexes of reports) countSteps({ vertexes, progress: [], logs: [], warnings: [] });
  const { text } = await metrics.render();
  const samples = [...text.matchAll(/^convox_builds_steps_total\{result="(\w+)"\} (\d+)$/gm)];
  return samples.flatMap(([, result, value]) => (value === '0' ? [] : [`${result} ${value}`]));
}

test('createStepCounter(): counts a step once, when it is done', async (t) => {
  t.deepEqual(await count([STEP]), []);
  t.deepEqual(await count([STEP], [DONE], [DONE]), ['executed 1']);
});

test('createStepCounter(): tells cached, failed and cancelled steps apart', async (t) => {
  const reports = [
    { ...DONE, digest: 'sha256:b', isCached: true },
    { ...DONE, digest: 'sha256:c', error: 'process "/bin/sh -c make" did not complete successfully: exit code: 2' },
    { ...DONE, digest: 'sha256:d', error: 'failed to load cache key: context canceled' },
  ];
  t.deepEqual(await count(reports), ['cached 1', 'failed 1', 'cancelled 1']);
});

test('createStepCounter(): leaves out what is not in the Dockerfile', async (t) => {
  t.deepEqual(await count([{ ...DONE, name: '[internal] load build context' }]), []);
});
