import test from 'ava';

import { createLogger } from './create-logger.js';
import { createMetrics } from './create-metrics.js';

const open = () => createMetrics({ logger: createLogger({ name: 'test', level: 'silent' }) });

test('createMetrics(): renders ours with a prefix, next to those of the process', async (t) => {
  const metrics = open();
  metrics.counter({ name: 'log_bytes_total', help: 'Bytes.', labelNames: ['result'] }).inc({ result: 'stored' }, 12);
  metrics.gauge({ name: 'slots', help: 'Slots.' }).set(4);
  const seconds = metrics.histogram({ name: 'wait_seconds', help: 'Waits.', buckets: [1, 10] });
  seconds.observe(2);
  const { contentType, text } = await metrics.render();
  t.is(contentType, 'text/plain; version=0.0.4; charset=utf-8');
  const lines = text.split('\n');
  for (const line of [
    '# TYPE convox_builds_log_bytes_total counter',
    'convox_builds_log_bytes_total{result="stored"} 12',
    'convox_builds_slots 4',
    'convox_builds_wait_seconds_bucket{le="1"} 0',
    'convox_builds_wait_seconds_bucket{le="10"} 1',
  ])
    t.true(lines.includes(line), line);
  t.regex(text, /^nodejs_eventloop_lag_p99_seconds \d/m);
  t.regex(text, /^process_resident_memory_bytes \d/m);
});

test('createMetrics(): series that are known are there before anything has happened', async (t) => {
  const metrics = open();
  metrics.counter({ name: 'ends_total', help: 'Ends.', labelNames: ['outcome'], series: [{ outcome: 'lost' }] });
  t.regex((await metrics.render()).text, /^convox_builds_ends_total\{outcome="lost"\} 0$/m);
});

test('createMetrics(): brings gauges up to date before each reading, and one that cannot be hides no other', async (t) => {
  const metrics = open();
  const gauge = metrics.gauge({ name: 'queued', help: 'Queued.' });
  metrics.beforeRead(() => Promise.reject(new Error('the database is away')));
  metrics.beforeRead(async () => gauge.inc());
  t.regex((await metrics.render()).text, /^convox_builds_queued 1$/m);
  t.regex((await metrics.render()).text, /^convox_builds_queued 2$/m);
});

test('createMetrics(): two of them share nothing', async (t) => {
  const [one, other] = [open(), open()];
  one.counter({ name: 'rings_total', help: 'Rings.' }).inc();
  t.notRegex((await other.render()).text, /rings_total/);
});
