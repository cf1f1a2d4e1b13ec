import { readFile } from 'node:fs/promises';

import { type CollectedSpan, startTraceCollector, type TraceCollector, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { killPart } from './testing/kill-part.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const TRACE_ID = 'ab'.repeat(16);
const CALLER_ID = 'cd'.repeat(8);
const SECRET = 'correct-horse-battery';

let rack: TestRack;
let collector: TraceCollector;

test.before(async () => {
  collector = await startTraceCollector();
  rack = await startTestRack({
    environment: {
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
  await rack.convox(['apps', 'create', 'traced']);
});

test.after.always(async () => {
  await rack?.stop();
  await collector?.stop();
});

/** Builds as a part of a trace, as a pipeline does that has one. */
async function buildInTrace(source: string, traceId = TRACE_ID): Promise<{ code: number; id: string }> {
  process.env['TRACEPARENT'] = `00-${traceId}-${CALLER_ID}-01`;
  const { code } = await rack.convox(['build', '--app', 'traced'], source);
  delete process.env['TRACEPARENT'];
  const [newest] = await rack.json<{ id: string }[]>('builds', '--app', 'traced');
  return { code, id: newest?.id ?? '' };
}

const spansOf = (traceId: string) => collector.spans().filter((span) => span.traceId === traceId);

/** Waits for the span that comes last of all. */
async function waitForAttempt(traceId: string, outcome: string): Promise<readonly CollectedSpan[]> {
  const isThere = () => spansOf(traceId).some(({ attributes }) => attributes['convox.outcome'] === outcome);
  await waitUntil(isThere, { what: `an attempt that is ${outcome} is in the trace`, timeoutMs: 30_000 });
  return spansOf(traceId);
}

const childrenOf = (parent: CollectedSpan | undefined, spans: readonly CollectedSpan[]) =>
  spans.filter(({ parentId }) => parentId === parent?.spanId).sort((a, b) => a.startedAt - b.startedAt);

const logLines = () =>
  rack.service
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

test.serial('a trace goes from the request over the wait and the attempt to the steps of the solve', async (t) => {
  await rack.convox(['env', 'set', `DEPLOY_KEY=${SECRET}`, '--app', 'traced']);
  const source = await createSource(t, {
    'convox.yml': 'services:\n  web:\n    build: .\n  cache:\n    image: busybox\n',
    Dockerfile: 'FROM busybox\nARG DEPLOY_KEY\nWORKDIR /srv/$DEPLOY_KEY\nRUN echo hello\n',
  });
  const { code, id } = await buildInTrace(source);
  t.is(code, 0);
  const spans = await waitForAttempt(TRACE_ID, 'complete');

  const request = spans.find(({ name }) => name === 'POST /apps/:app/builds');
  t.like(request, { service: 'convox-builds-api', parentId: CALLER_ID, kind: 2, error: undefined });
  t.like(request?.attributes, { 'http.response.status_code': 200, 'convox.build': id });
  const [wait, attempt, ...others] = childrenOf(request, spans);
  t.deepEqual(others, []);
  t.like(wait, { name: 'wait in the queue', service: 'convox-builds-worker' });
  t.like(attempt, { name: 'attempt', service: 'convox-builds-worker', kind: 5, error: undefined });
  t.like(attempt?.attributes, {
    'convox.app': 'traced',
    'convox.build': id,
    'convox.attempt': 1,
    'convox.outcome': 'complete',
  });
  t.true((wait?.endedAt ?? 0) >= (wait?.startedAt ?? 1));

  const steps = childrenOf(attempt, spans);
  const names = ['fetch source', 'read manifest', 'plan build', 'build images', 'create release'];
  t.deepEqual(
    steps.map(({ name }) => name),
    names,
  );
  const images = childrenOf(steps[3], spans);
  t.deepEqual(images.map(({ name }) => name).sort(), ['build web', 'copy cache']);
  const vertexes = childrenOf(
    images.find(({ name }) => name === 'build web'),
    spans,
  );
  const vertex = (pattern: RegExp) => vertexes.find(({ name }) => pattern.test(name));
  t.like(vertex(/RUN echo hello/)?.attributes, { 'convox.cached': false });
  t.truthy(vertex(/^\[internal\] load build definition/));
  t.truthy(vertex(/^exporting to image/), 'the push is in it');
  t.true(vertex(/WORKDIR/)?.name.endsWith('WORKDIR /srv/****'), vertex(/WORKDIR/)?.name);
  t.false(collector.received().includes(SECRET));
});

test.serial('lines of our logs about a request and an attempt lead to their trace', (t) => {
  const lines = logLines();
  const ofAttempt = lines.filter(({ name, buildId }) => name === 'worker' && buildId !== undefined);
  t.deepEqual(
    ofAttempt.map(({ msg, traceId }) => ({ msg, traceId })),
    ['Build started', 'Build complete'].map((msg) => ({ msg, traceId: TRACE_ID })),
  );
  t.like(
    lines.find(({ path, buildId }) => path === '/apps/traced/builds' && buildId !== undefined),
    { name: 'api', traceId: TRACE_ID },
  );
});

test.serial('a step that fails is an error in the trace, and so is its attempt', async (t) => {
  const traceId = '12'.repeat(16);
  const { code } = await buildInTrace(await createSource(t, { Dockerfile: 'FROM busybox\nRUN exit 7\n' }), traceId);
  t.is(code, 1);
  const spans = await waitForAttempt(traceId, 'failed');
  const attempt = spans.find(({ name }) => name === 'attempt');
  t.is(attempt?.attributes['convox.failure_class'], 'user');
  t.regex(attempt?.error ?? '', /^web: Dockerfile line 2: .*exit code: 7/);
  t.regex(spans.find(({ name }) => /RUN exit 7/.test(name))?.error ?? '', /exit code: 7/);
});

test.serial('an attempt whose worker died is in the trace of the attempt that completes its build', async (t) => {
  const traceId = '34'.repeat(16);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN sleep 8 && echo once > /once\n' });
  const building = buildInTrace(source, traceId);
  const isWaitTold = () => spansOf(traceId).some(({ name }) => name === 'wait in the queue');
  await waitUntil(isWaitTold, { what: 'the build runs' });
  killPart(rack.folder, 'worker');
  t.is((await building).code, 0);
  const spans = await waitForAttempt(traceId, 'complete');
  const request = spans.find(({ name }) => name === 'POST /apps/:app/builds');
  t.deepEqual(
    childrenOf(request, spans).map(({ name, service, attributes }) => [
      name,
      service,
      attributes['convox.attempt'],
      attributes['convox.outcome'],
    ]),
    [
      ['wait in the queue', 'convox-builds-worker', undefined, undefined],
      ['attempt', 'convox-builds-api', 1, 'lost'],
      ['wait in the queue', 'convox-builds-worker', undefined, undefined],
      ['attempt', 'convox-builds-worker', 2, 'complete'],
    ],
  );
});

test.serial('a collector that is away costs no build anything, and is told once by each process', async (t) => {
  const port = Number(new URL(collector.url).port);
  await collector.stop();
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN echo without\n' });
  for (const again of ['a', 'b', 'c']) t.is((await buildInTrace(source, `${again}0`.repeat(16))).code, 0);
  const tellers = () => logLines().filter(({ msg }) => msg.startsWith('Cannot deliver traces'));
  await waitUntil(() => tellers().length >= 2, { what: 'both tell that the collector is away' });
  t.deepEqual(
    tellers()
      .map(({ name }) => String(name))
      .sort((a, b) => a.localeCompare(b)),
    ['api', 'worker'],
  );

  collector = await startTraceCollector({ port });
  const traceId = '56'.repeat(16);
  t.is((await buildInTrace(source, traceId)).code, 0);
  await waitForAttempt(traceId, 'complete');
  const isTold = () => logLines().filter(({ msg }) => msg === 'Traces are delivered again').length === 2;
  await waitUntil(isTold, { what: 'both tell that it is there again' });
});

test.serial('docs/observability.md has the spans and the attributes that there are', async (t) => {
  const document = await readFile(new URL('../../../docs/observability.md', import.meta.url), 'utf8');
  const spans = collector.spans();
  t.true(spans.length > 10);
  for (const name of new Set(spans.flatMap(({ attributes }) => Object.keys(attributes))))
    t.true(document.includes(`\`${name}\``), name);
});
