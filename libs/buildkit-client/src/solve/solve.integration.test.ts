import { waitUntil } from '@convox-builds/testing';
import test from 'ava';
import { SolveError } from '../errors/solve-error.js';
import { secrets } from '../services/secrets.js';
import { createContext, SHELL } from '../testing/create-context.js';
import { listBuildHistory } from '../testing/list-build-history.js';
import { solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

test('solve() runs the steps of a Dockerfile and reports their output', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nARG WHO=nobody\nRUN echo hello $WHO` });
  t.teardown(context.remove);
  const { output, vertexes } = await solveContext(daemon.client, {
    source: context.folder,
    dockerfile: { buildArgs: { WHO: 'world' } },
  });
  t.is(output, 'hello world\n');
  t.true(vertexes.some(({ name, completed }) => name.includes('RUN echo hello') && completed !== undefined));
});

// Alone: of two solves that make equal layers at the same time, the daemon caches only one's.
test.serial('solve() takes every step from the cache the second time', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nRUN echo once > /once` });
  t.teardown(context.remove);
  await solveContext(daemon.client, { source: context.folder });
  const { vertexes } = await solveContext(daemon.client, { source: context.folder });
  const steps = vertexes.filter(({ name }) => /^\[\d/.test(name));
  t.true(steps.length > 0);
  t.deepEqual(
    steps.filter(({ isCached }) => !isCached),
    [],
  );
});

test('solve() shows its steps no socket of the daemon', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nRUN /busybox find / -type s` });
  t.teardown(context.remove);
  t.is((await solveContext(daemon.client, { source: context.folder })).output, '');
});

test('solve() builds the stage that is asked for', async (t) => {
  const context = await createContext({
    Dockerfile: `${SHELL.replace('scratch', 'scratch AS one')}\nFROM one\nRUN exit 1`,
  });
  t.teardown(context.remove);
  await t.notThrowsAsync(solveContext(daemon.client, { source: context.folder, dockerfile: { target: 'one' } }));
});

test('solve() ignores a syntax directive: the frontend is the built-in one', async (t) => {
  const context = await createContext({ Dockerfile: `# syntax=docker/dockerfile:1\n${SHELL}\nRUN echo built` });
  t.teardown(context.remove);
  t.is((await solveContext(daemon.client, { source: context.folder })).output, 'built\n');
});

test('solve() gives a secret to the step that mounts it and keeps it out of the image', async (t) => {
  const run = 'RUN --mount=type=secret,id=TOKEN /busybox wc -c < /run/secrets/TOKEN';
  const context = await createContext({ Dockerfile: `${SHELL}\n${run}\nRUN ! /busybox test -e /run/secrets/TOKEN` });
  t.teardown(context.remove);
  const attachables = [secrets({ get: async (id) => (id === 'TOKEN' ? 'hunter2' : undefined) })];
  t.is((await solveContext(daemon.client, { source: context.folder, attachables })).output, '7\n');
});

test('solve() leaves no record of what it was told, cancelled or not', async (t) => {
  const { client, stop } = await startTestBuildkitd();
  t.teardown(stop);
  const context = await createContext({
    Dockerfile: `${SHELL}\nARG PASSWORD SLEEP=0\nRUN echo x; /busybox sleep $SLEEP`,
  });
  t.teardown(context.remove);
  const buildArgs = { PASSWORD: 'hunter2' };
  await solveContext(client, { source: context.folder, dockerfile: { buildArgs } });
  const controller = new AbortController();
  const cancelled = solveContext(client, {
    source: context.folder,
    dockerfile: { buildArgs: { ...buildArgs, SLEEP: '3600' } },
    signal: controller.signal,
    onOutput: () => controller.abort(),
  });
  await t.throwsAsync(cancelled);
  await waitUntil(async () => (await listBuildHistory(client)).length === 0, { what: 'the records are gone' });
});

test('solve() cancelled by its signal ends the running step at once', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nRUN echo begun; /busybox sleep 3600` });
  t.teardown(context.remove);
  const controller = new AbortController();
  const solved = solveContext(daemon.client, {
    source: context.folder,
    signal: controller.signal,
    onOutput: (output) => output.includes('begun') && controller.abort(),
  });
  const error = await t.throwsAsync(solved, { instanceOf: SolveError });
  t.is(error?.code, 'cancelled');
});

test('solve() whose daemon dies fails as unavailable', async (t) => {
  const own = await startTestBuildkitd();
  t.teardown(own.stop);
  const context = await createContext({ Dockerfile: `${SHELL}\nRUN echo begun; /busybox sleep 3600` });
  t.teardown(context.remove);
  const solved = solveContext(own.client, {
    source: context.folder,
    onOutput: (output) => output.includes('begun') && void own.buildkitd.stop({ graceMs: 0 }),
  });
  const error = await t.throwsAsync(solved, { instanceOf: SolveError });
  t.is(error?.code, 'unavailable', error?.message);
});
