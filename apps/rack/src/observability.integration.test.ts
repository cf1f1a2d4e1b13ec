import { readFile } from 'node:fs/promises';

import { findFreePort, listProcesses, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { createSource } from './testing/create-source.js';
import { killPart } from './testing/kill-part.js';
import { startTestRack, type TestRack } from './testing/start-test-rack.js';

let rack: TestRack;
let workerUrl: string;

test.before(async () => {
  const port = await findFreePort();
  workerUrl = `http://127.0.0.1:${port}`;
  rack = await startTestRack({ environment: { HEALTH_PORT: String(port), LOG_LEVEL: 'info', BUILD_SLOTS: '2' } });
});

test.after.always(() => rack?.stop());

const ready = async () => {
  const response = await fetch(`${workerUrl}/health/ready`);
  return `${response.status} ${await response.text()}`;
};

/** Reads a sample of the worker; `undefined` when it has none of that name. */
async function read(sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${workerUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`convox_builds_${sample} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

/** The row is final a moment before the worker has counted it. */
const becomes = (sample: string, value: number) =>
  waitUntil(async () => (await read(sample)) === value, { what: `${sample} is ${value}` });

const build = async (source: string) => (await rack.convox(['build', '--app', 'measured'], source)).code;

test.serial('the metrics of a worker tell what it has built', async (t) => {
  await rack.convox(['apps', 'create', 'measured']);
  t.is(await ready(), '200 ok\n');
  t.is(await read('build_slots'), 2);
  t.is(await read('attempts_total{outcome="complete",failure_class="none"}'), 0);
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN echo hello > /hello\nRUN cat /hello\n' });
  t.is(await build(source), 0);
  await becomes('attempts_total{outcome="complete",failure_class="none"}', 1);
  t.is(await read('attempt_duration_seconds_count{outcome="complete"}'), 1);
  t.true(((await read('attempt_duration_seconds_sum{outcome="complete"}')) ?? 0) > 0);
  t.is(await read('build_wait_seconds_count'), 1);
  const waited = (await read('build_wait_seconds_sum')) ?? -1;
  t.true(waited > 0 && waited < 60, String(waited));
  t.true(((await read('steps_total{result="executed"}')) ?? 0) >= 2);
  await becomes('running_builds', 0);
  const stored = (await read('log_bytes_total{result="stored"}')) ?? 0;
  const { stdout } = await rack.convox(['builds', 'logs', await newestBuild(), '--app', 'measured']);
  t.is(stored, Buffer.byteLength(stdout));
  t.is(await build(source), 0);
  t.true(((await read('steps_total{result="cached"}')) ?? 0) >= 2);
});

const newestBuild = async () => {
  const [newest] = await rack.json<{ id: string }[]>('builds', '--app', 'measured');
  return newest?.id ?? '';
};

test.serial('the metrics of a worker tell what failed, by class', async (t) => {
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN exit 7\n' });
  t.not(await build(source), 0);
  await becomes('attempts_total{outcome="failed",failure_class="user"}', 1);
  t.is(await read('steps_total{result="failed"}'), 1);
});

test.serial('every line of our logs about an attempt names the build and the attempt', async (t) => {
  const id = await newestBuild();
  const lines = rack.service.output().split('\n');
  const ours = lines.filter((line) => line.startsWith('{') && line.includes(id)).map((line) => JSON.parse(line));
  const ofWorker = ours.filter(({ name }) => name === 'worker');
  t.deepEqual(
    ofWorker.map(({ msg, buildId, attempt }) => ({ msg, buildId, attempt })),
    ['Build started', 'Build ended'].map((msg) => ({ msg, buildId: id, attempt: 1 })),
  );
  t.like(ofWorker.at(-1), { outcome: 'failed', failureClass: 'user' });
  // The request that made it leads to it.
  const [request] = ours.filter(({ name }) => name === 'api');
  t.like(request, { method: 'POST', path: '/apps/measured/builds', buildId: id });
  t.regex(request?.requestId, /^[0-9a-f]{12}$/);
});

test.serial('docs/observability.md has exactly the metrics that there are', async (t) => {
  const { origin, username, password } = new URL(rack.url);
  const Authorization = `Basic ${btoa(`${username}:${password}`)}`;
  const answers = [
    await fetch(`${origin}/metrics`, { headers: { Authorization } }),
    await fetch(`${workerUrl}/metrics`),
  ];
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  const served = texts.flatMap((text) => [...text.matchAll(/^# TYPE convox_builds_(\w+) (\w+)$/gm)]);
  const document = await readFile(new URL('../../../docs/observability.md', import.meta.url), 'utf8');
  const documented = [...document.matchAll(/^\| `(\w+)` +\| (counter|gauge|histogram) /gm)];
  const sorted = (found: RegExpExecArray[]) => found.map(([, name, type]) => `${name} ${type}`).sort();
  t.true(served.length > 10);
  t.deepEqual(sorted(documented), sorted(served));
});

test.serial('a daemon that died is counted, and the worker is ready again when there is a new one', async (t) => {
  t.is(await read('buildkitd_restarts_total'), 0);
  killPart(rack.folder, 'buildkitd');
  await becomes('buildkitd_restarts_total', 1);
  t.is((await fetch(`${workerUrl}/health/live`)).status, 200);
  await waitUntil(async () => (await ready()) === '200 ok\n', { what: 'the worker is ready again' });
  t.is(await read('buildkitd_restarts_total'), 1);
});

test.serial('a worker that drains says so until its builds have ended', async (t) => {
  const source = await createSource(t, { Dockerfile: 'FROM busybox\nRUN sleep 4\n' });
  const running = rack.start(['build', '--app', 'measured'], source);
  await becomes('running_builds', 1);
  const worker = listProcesses(rack.folder).find(({ commandLine }) => commandLine.includes('worker/dist/main.js'));
  if (worker === undefined) return t.fail('the worker does not run');
  process.kill(worker.pid, 'SIGTERM');
  await waitUntil(async () => (await ready()) === '200 draining\n', { what: 'the worker drains' });
  t.is((await fetch(`${workerUrl}/health/live`)).status, 200);
  t.is((await running.ended).code, 0);
});
