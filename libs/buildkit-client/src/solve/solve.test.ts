import { status } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';

import { type BuildkitClient, createBuildkitClient } from '../control/buildkit-client.js';
import { SolveError } from '../errors/solve-error.js';
import type { Attachable } from '../session/attachable.js';
import { openSession } from '../session/open-session.js';
import { type FakeBuildkitd, type SolveScript, startFakeBuildkitd } from '../testing/fake-buildkitd.js';
import { FakeFailure } from '../testing/fake-failure.js';
import { type SolveOptions, solve } from './solve.js';
import type { SolveStatus } from './solve-status.js';

interface Fake {
  readonly fake: FakeBuildkitd;
  readonly client: BuildkitClient;
  readonly run: (options?: Partial<SolveOptions>) => ReturnType<typeof solve>;
}

async function start(t: ExecutionContext, script: SolveScript, attachables: readonly Attachable[] = []): Promise<Fake> {
  const fake = await startFakeBuildkitd();
  const client = createBuildkitClient({ address: fake.address });
  const session = openSession(client, { sharedKey: 'key', attachables });
  fake.onSolve(script);
  t.teardown(async () => {
    client.close();
    await fake.stop();
  });
  const request = {
    frontendAttrs: { filename: 'Dockerfile' },
    exporters: [{ type: 'image', attrs: { push: 'true' } }],
  };
  return { fake, client, run: (options = {}) => solve(client, request, { session, ...options }) };
}

const vertex = (fields: object) => ({
  digest: 'sha256:1',
  inputs: [],
  name: '[1/1] RUN make',
  cached: false,
  started: new Date(1000),
  completed: undefined,
  error: '',
  progressGroup: undefined,
  ...fields,
});

async function fail(t: ExecutionContext, solved: Promise<unknown>): Promise<SolveError> {
  return (await t.throwsAsync(solved, { instanceOf: SolveError })) ?? t.fail();
}

test('solve() sends what is asked and gives back what the exporters answered', async (t) => {
  const seen: unknown[] = [];
  const { run } = await start(t, async ({ request }) => {
    seen.push(request.Frontend, request.FrontendAttrs, request.Exporters);
    return { 'containerimage.digest': 'sha256:abc', other: 'x' };
  });
  const { digest, exporterResponse } = await run();
  t.is(digest, 'sha256:abc');
  t.is(exporterResponse['other'], 'x');
  t.deepEqual(seen, ['dockerfile.v0', { filename: 'Dockerfile' }, [{ Type: 'image', Attrs: { push: 'true' } }]]);
});

test('solve() has given every report to its listener, in order, when it returns', async (t) => {
  const { run } = await start(t, async ({ report }) => {
    report({ vertexes: [vertex({})] });
    for (const msg of ['one\n', 'two\n'])
      report({ logs: [{ vertex: 'sha256:1', timestamp: undefined, stream: 1n, msg: Buffer.from(msg) }] });
    report({ vertexes: [vertex({ completed: new Date(2000), cached: true })] });
    return {};
  });
  const reports: SolveStatus[] = [];
  await run({
    onStatus: async (report) => {
      await new Promise(setImmediate);
      reports.push(report);
    },
  });
  t.is(reports.flatMap(({ logs }) => logs.map(({ bytes }) => bytes.toString())).join(''), 'one\ntwo\n');
  t.like(reports.at(-1)?.vertexes[0], { name: '[1/1] RUN make', isCached: true, completed: new Date(2000) });
});

test('solve() that fails tells exit code, place and step', async (t) => {
  const data = Buffer.from('FROM a\nRUN b\n').toString('base64');
  const { run } = await start(t, async ({ report }) => {
    report({ vertexes: [vertex({ error: 'exit code: 7' })] });
    throw new FakeFailure('exit code: 7', {
      details: [
        { type: 'gatewayapi.ExitMessage+json', value: { Code: 7 } },
        { type: 'errdefs.Vertex+json', value: { digest: 'sha256:1' } },
        {
          type: 'errdefs.Source+json',
          value: { info: { filename: 'Dockerfile', data }, ranges: [{ start: { line: 2 }, end: { line: 2 } }] },
        },
      ],
    });
  });
  const error = await fail(t, run());
  t.like(error, { code: 'user', message: 'exit code: 7', exitCode: 7 });
  t.deepEqual(error.vertex, { digest: 'sha256:1', name: '[1/1] RUN make' });
  t.deepEqual(error.source?.ranges, [{ start: 2, end: 2 }]);
  t.is(error.source?.excerpt[1]?.text, 'RUN b');
});

test('solve() whose call never answers takes its error from the history', async (t) => {
  const details = [{ type: 'gatewayapi.ExitMessage+json', value: { Code: 9 } }];
  const { run } = await start(t, async () => {
    throw new FakeFailure('exit code: 9', { details, isSilent: true });
  });
  t.like(await fail(t, run()), { code: 'user', exitCode: 9, message: 'exit code: 9' });
});

for (const [code, expected] of [
  [status.RESOURCE_EXHAUSTED, 'exhausted'],
  [status.UNAVAILABLE, 'unavailable'],
  [status.NOT_FOUND, 'not-found'],
  [status.INTERNAL, 'unknown'],
] as const) {
  test(`solve() that fails with status ${status[code]} is ${expected}`, async (t) => {
    const { run } = await start(t, async () => {
      throw new FakeFailure('no', { code });
    });
    t.like(await fail(t, run()), { code: expected, message: 'no' });
  });
}

test('solve() leaves out details that make no sense', async (t) => {
  const { run } = await start(t, async () => {
    throw new FakeFailure('odd', {
      details: [
        { type: 'errdefs.Source+json', value: { info: 'text', ranges: { a: 1 } } },
        { type: 'gatewayapi.ExitMessage+json', value: { Code: 'seven' } },
      ],
    });
  });
  const error = await fail(t, run());
  t.is(error.message, 'odd');
  t.is(error.source, undefined);
  t.is(error.exitCode, undefined);
});

test('solve() tells the daemon when it is cancelled', async (t) => {
  let hasHeard: (() => void) | undefined;
  const heard = new Promise<void>((resolve) => {
    hasHeard = resolve;
  });
  const controller = new AbortController();
  const { run } = await start(t, async ({ cancelled }) => {
    cancelled.addEventListener('abort', () => hasHeard?.());
    controller.abort();
    return new Promise(() => {});
  });
  t.is((await fail(t, run({ signal: controller.signal }))).code, 'cancelled');
  await heard;
});

test('solve() that is cancelled before it begins is not sent', async (t) => {
  const { run } = await start(t, async () => t.fail());
  t.is((await fail(t, run({ signal: AbortSignal.abort() }))).code, 'cancelled');
});

test('solve() whose daemon vanishes is unavailable', async (t) => {
  const { run, fake } = await start(t, async () => {
    setImmediate(() => void fake.stop());
    return new Promise(() => {});
  });
  t.is((await fail(t, run())).code, 'unavailable');
});
