import test, { type ExecutionContext } from 'ava';

import { createContext, SHELL } from '../testing/create-context.js';
import { solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';
import { SolveError } from './solve-error.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

async function failToSolve(t: ExecutionContext, dockerfile: string, filename = 'Dockerfile'): Promise<SolveError> {
  const context = await createContext({ [filename]: dockerfile });
  t.teardown(context.remove);
  const error = await t.throwsAsync(solveContext(daemon.client, { source: context.folder, dockerfile: { filename } }), {
    instanceOf: SolveError,
  });
  return error ?? t.fail();
}

test('solve() of a failing step tells file, lines, exit code and step', async (t) => {
  const error = await failToSolve(t, `${SHELL}\n\nRUN echo a \\\n  && exit 7\nRUN echo never`, 'docker.web');
  t.is(error.code, 'user');
  t.is(error.exitCode, 7);
  t.is(error.source?.file, 'docker.web');
  t.deepEqual(error.source?.ranges, [
    { start: 5, end: 5 },
    { start: 6, end: 6 },
  ]);
  t.deepEqual(
    error.source?.excerpt.map(({ number, isFailing }) => [number, isFailing]),
    [
      [3, false],
      [4, false],
      [5, true],
      [6, true],
      [7, false],
    ],
  );
  t.regex(error.vertex?.name ?? '', /RUN echo a/);
  t.regex(error.message, /exit code: 7/);
});

test('solve() of what is no Dockerfile tells the line', async (t) => {
  const error = await failToSolve(t, `${SHELL}\nRUNN true`);
  t.is(error.code, 'user');
  t.deepEqual(error.source?.ranges, [{ start: 4, end: 4 }]);
  t.regex(error.message, /unknown instruction: RUNN/);
});

test('solve() of a file that is not in the context names it', async (t) => {
  const error = await failToSolve(t, `${SHELL}\nCOPY absent /`);
  t.is(error.code, 'user');
  t.deepEqual(error.source?.ranges, [{ start: 4, end: 4 }]);
  t.regex(error.message, /"\/absent": not found/);
});

test('solve() without its Dockerfile names it', async (t) => {
  const context = await createContext({});
  t.teardown(context.remove);
  const dockerfile = { filename: 'Dockerfile.absent' };
  await t.throwsAsync(solveContext(daemon.client, { source: context.folder, dockerfile }), {
    instanceOf: SolveError,
    message: /Dockerfile\.absent/,
  });
});

test('solve() may not use the network of the host or run without its fences', async (t) => {
  const network = await failToSolve(t, `${SHELL}\nRUN --network=host true`);
  t.regex(network.message, /network\.host is not allowed/);
  const security = await failToSolve(t, `${SHELL}\nRUN --security=insecure true`);
  t.regex(security.message, /security\.insecure is not allowed/);
});

for (const kilobytes of [5, 60, 400]) {
  test(`solve() of a failing Dockerfile of ${kilobytes} KB tells the line, and stalls nobody else`, async (t) => {
    const filler = `# ${'x'.repeat(98)}\n`.repeat(kilobytes * 10);
    const other = await createContext({ Dockerfile: `${SHELL}\nRUN /busybox sleep 3; echo done ${kilobytes}` });
    t.teardown(other.remove);
    const [error, { output }] = await Promise.all([
      failToSolve(t, `${SHELL}\n${filler}RUN echo ${kilobytes}; exit 9`),
      solveContext(daemon.client, { source: other.folder }),
    ]);
    t.is(error.exitCode, 9);
    t.deepEqual(error.source?.ranges, [{ start: kilobytes * 10 + 4, end: kilobytes * 10 + 4 }]);
    t.is(output, `done ${kilobytes}\n`);
  });
}
