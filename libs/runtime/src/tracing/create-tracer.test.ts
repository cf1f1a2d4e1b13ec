import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { findFreePort, startTraceCollector } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

const FIXTURE = fileURLToPath(new URL('create-tracer.fixture.js', import.meta.url));
const PARENT = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
const SECRET = 'correct-horse-battery';

/** Runs the fixture; its lines, those of its log first, and what it says of itself. */
async function run(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const options = { env: { PATH: process.env['PATH'], ...environment } };
  const { stdout } = await promisify(execFile)(process.execPath, [FIXTURE, ...args], options);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { log: lines.slice(0, -1), said: lines.at(-1) };
}

async function collect(t: ExecutionContext) {
  const collector = await startTraceCollector();
  t.teardown(collector.stop);
  return collector;
}

test('createTracer() loads nothing of OpenTelemetry and does nothing when no collector is named', async (t) => {
  const { log, said } = await run({ OTEL_SERVICE_NAME: 'x' }, PARENT);
  t.like(said, { loaded: 0, traceparent: '' });
  t.is(said.traceId, undefined);
  t.deepEqual(log, []);
});

test('createTracer() does nothing when traces are turned off', async (t) => {
  const collector = await collect(t);
  for (const [variable, value] of [
    ['OTEL_SDK_DISABLED', 'true'],
    ['OTEL_TRACES_EXPORTER', 'none'],
  ] as const) {
    const { said } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, [variable]: value });
    t.like(said, { loaded: 0, traceparent: '' });
  }
  t.is(collector.requests(), 0);
});

test('createTracer() delivers spans to the collector that the standard variables name', async (t) => {
  const collector = await collect(t);
  const { said } = await run(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=abc',
      OTEL_SERVICE_NAME: 'shop',
    },
    PARENT,
  );
  t.true(said.loaded > 0);
  t.is(collector.headers()['x-token'], 'abc');
  const [part, request] = collector.spans();
  t.is(collector.spans().length, 2);
  t.like(request, { service: 'shop', name: 'POST /', kind: 2, traceId: 'ab'.repeat(16), parentId: 'cd'.repeat(8) });
  t.deepEqual(request?.attributes, { count: 2 });
  t.is(said.traceparent, `00-${request?.traceId}-${request?.spanId}-01`);
  t.is(said.traceId, request?.traceId);
  t.like(part, { traceId: request?.traceId, parentId: request?.spanId, kind: 1, error: 'failed with ' });
  t.is(request?.error, undefined);
  t.true((request?.endedAt ?? 0) - (part?.endedAt ?? 0) > 500, 'a given end counts');
});

test('createTracer() takes secrets out of names, attributes and errors', async (t) => {
  const collector = await collect(t);
  await run({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` }, '', SECRET);
  const [part, request] = collector.spans();
  t.like(part, { service: 'fixture', name: 'part ****', error: 'failed with ****' });
  t.deepEqual(part?.attributes, { is_cached: true, text: 'a **** b', address: 'https://***@example.org' });
  t.is(request?.parentId, '', 'without a parent a trace begins');
  t.false(collector.received().includes(SECRET));
});

test('createTracer() respects that its caller does not sample, and the sampler of the environment', async (t) => {
  const collector = await collect(t);
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const { said } = await run(environment, PARENT.replace(/01$/, '00'));
  t.is(said.traceId, undefined);
  t.regex(said.traceparent, /^00-(?:ab){16}-[0-9a-f]{16}-00$/);
  await run({ ...environment, OTEL_TRACES_SAMPLER: 'always_off' });
  t.is(collector.requests(), 0);
});

test('createTracer() begins a trace when it is given no well-formed parent', async (t) => {
  const collector = await collect(t);
  for (const parent of ['nonsense', `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`, `${PARENT}-${'x'.repeat(10_000)}`])
    await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, parent);
  const requests = collector.spans().filter(({ name }) => name === 'POST /');
  t.deepEqual(
    requests.map(({ parentId }) => parentId),
    ['', '', ''],
  );
});

test('createTracer() does not wait for a collector that is away when it is closed', async (t) => {
  const { said } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findFreePort()}` });
  t.true(said.closedAfterMs < 5000, `${said.closedAfterMs} ms: the SDK alone would try for ten seconds`);
});

test('createTracer() refuses an address and a protocol that it cannot use, and says which', async (t) => {
  for (const [variable, value] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector:4317'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ] as const) {
    const error = await t.throwsAsync(run({ [variable]: value }));
    t.regex(error?.message ?? '', new RegExp(`Cannot start: the environment has a mistake\\n  ${variable}: `));
  }
});
