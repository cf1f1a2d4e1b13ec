import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTracer } from '@convox-builds/runtime';
import type { BuildRecord } from '@convox-builds/store';
import { startTraceCollector } from '@convox-builds/testing';
import test from 'ava';

import { AttemptStop } from './attempt.js';
import { runAttempt } from './run-attempt.js';
import { openTestParts, type TestParts } from './testing/open-test-parts.js';
import { simulateBuild } from './testing/simulate-build.js';
import type { WorkerParts } from './worker-parts.js';

const away = () => Promise.reject(new Error('Query read timeout'));

/** Builds in no time. */
const build: WorkerParts['runBuild'] = (attempt, parts) =>
  simulateBuild(
    {
      ...attempt,
      build: { ...attempt.build, options: { ...attempt.build.options, buildArgs: { SOLVE_MS: '0', END: 'complete' } } },
    },
    parts,
  );

async function endOf({ parts }: TestParts, { app, id }: BuildRecord) {
  const [{ outcome, failureClass, reason } = { outcome: undefined, failureClass: '', reason: '' }] =
    await parts.store.attempts.list(id);
  const log = Buffer.concat((await parts.store.logs.read(id, { afterSeq: 0, limit: 10 })).map(({ bytes }) => bytes));
  return { state: (await parts.store.builds.find(app, id))?.state, outcome, failureClass, reason, log: log.toString() };
}

test('promise 1: an attempt that cannot even begin has an end, with its reason', async (t) => {
  const opened = await openTestParts(t);
  const { parts, claim } = opened;
  const { releases } = parts.store;
  const unread = await claim('web');
  const store = { ...parts.store, releases: { ...releases, latest: away } };
  await runAttempt(unread, new AbortController(), { ...parts, store });
  const reason = 'the rack failed: Query read timeout';
  const log = `ERROR: ${reason}\nIt is not the build's fault: trying again in 2 s\n`;
  const failed = { state: 'queued', outcome: 'queued', failureClass: 'platform' };
  t.like(await endOf(opened, unread), { ...failed, reason, log });

  const homeless = await claim('web');
  await mkdir(parts.settings.folder, { recursive: true });
  await rm(join(parts.settings.folder, 'builds'), { recursive: true, force: true });
  await writeFile(join(parts.settings.folder, 'builds'), 'in the way');
  await runAttempt(homeless, new AbortController(), parts);
  const end = await endOf(opened, homeless);
  t.like(end, failed);
  t.regex(end.reason, /^the rack failed: E\w+: .*mkdir/);
});

test('runAttempt(): one that is stopped before it has begun ends as it was told to', async (t) => {
  const opened = await openTestParts(t);
  const { parts, claim } = opened;
  const drained = await claim('web');
  const controller = new AbortController();
  controller.abort(new AttemptStop('drain'));
  const store = { ...parts.store, releases: { ...parts.store.releases, latest: away } };
  await runAttempt(drained, controller, { ...parts, store });
  t.like(await endOf(opened, drained), { state: 'queued', reason: 'the worker went away' });
});

test('promise 1: a build that is complete stays so, although its traces and its folder make trouble', async (t) => {
  const collector = await startTraceCollector();
  t.teardown(collector.stop);
  const opened = await openTestParts(t);
  const { parts, claim } = opened;
  const tracer = await createTracer(
    { serviceName: 'test', logger: parts.logger },
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  );
  t.teardown(() => tracer.close());
  const claimed = { ...(await claim('web')), traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
  const store = { ...parts.store, attempts: { ...parts.store.attempts, list: away } };
  const runBuild: typeof parts.runBuild = async (attempt, given) => {
    await rm(join(parts.settings.folder, 'builds'), { recursive: true, force: true });
    await writeFile(join(parts.settings.folder, 'builds'), 'in the way');
    return build(attempt, given);
  };
  await runAttempt(claimed, new AbortController(), { ...parts, store, tracer, runBuild });
  t.like(await endOf(opened, claimed), { state: 'complete', outcome: 'complete', reason: '' });
});
