import { SolveError, type SolveFailure } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import test from 'ava';

import { explainSolveError } from './explain-solve-error.js';

const SOURCE: SolveFailure['source'] = {
  file: 'Dockerfile',
  ranges: [{ start: 2, end: 3 }],
  excerpt: [
    { number: 1, text: 'FROM busybox', isFailing: false },
    { number: 2, text: 'RUN make \\', isFailing: true },
    { number: 3, text: '  all', isFailing: true },
  ],
};

function explain(error: unknown, failure?: string) {
  const lines: string[] = [];
  const log = { note: (text: string) => lines.push(text) };
  const starts = { findFailure: (vertex?: string) => (vertex === 'sha256:a' ? failure : undefined) };
  const explained = explainSolveError(error, { services: 'web,api', log, starts });
  return { explained, lines };
}

test('explainSolveError() names services, file, line and what happened, and shows the lines', (t) => {
  const error = new SolveError({
    code: 'user',
    message: 'process "make" failed\ndetails',
    exitCode: 2,
    source: SOURCE,
  });
  const { explained, lines } = explain(error);
  t.true(explained instanceof BuildFailure);
  t.like(explained, {
    failureClass: 'user',
    message: 'web,api: Dockerfile line 2: process "make" failed',
    cause: error,
  });
  t.deepEqual(lines, ['--- Dockerfile', '  1 | FROM busybox', '> 2 | RUN make \\', '> 3 |   all']);
});

test('explainSolveError() does without a place when the daemon gave none', (t) => {
  const { explained, lines } = explain(new SolveError({ code: 'not-found', message: 'no such image' }));
  t.like(explained, { failureClass: 'user', message: 'web,api: no such image' });
  t.deepEqual(lines, []);
});

test('explainSolveError() tells a registry that refuses from a mistake in the source', (t) => {
  const message = 'h/base:v1: unexpected status from HEAD request to https://h/v2/base/manifests/v1: 401 Unauthorized';
  const { explained } = explain(new SolveError({ code: 'user', message, source: SOURCE }));
  t.like(explained, { failureClass: 'credentials' });
  t.regex((explained as BuildFailure).message, /401 Unauthorized \(is it the right name, and does the rack know/);
  const printed = new SolveError({ code: 'user', message: 'curl: 401 Unauthorized', exitCode: 22, source: SOURCE });
  t.like(explain(printed).explained, { failureClass: 'user' });
});

test('explainSolveError() believes the daemon that knows of memory, whatever the exit code, and names the limit', (t) => {
  const message = 'process "make" did not complete successfully: cannot allocate memory';
  const error = new SolveError({ code: 'user', message, exitCode: 2, source: SOURCE });
  const context = { services: 'web', log: { note: () => {} }, starts: { findFailure: () => undefined } };
  const explained = explainSolveError(error, { ...context, limits: { memoryBytes: 64 * 1024 * 1024 } });
  t.like(explained, {
    failureClass: 'limits',
    message: `web: Dockerfile line 2: ${message} (out of memory: BuildMem of the app allows 64 MiB)`,
  });
  const other = 'process "make" did not complete successfully: fork/exec /usr/bin/runc: cannot allocate memory';
  const unstarted = new SolveError({ code: 'user', message: other, exitCode: 255, source: SOURCE });
  t.is(explainSolveError(unstarted, context), unstarted, 'what the daemon itself lacks is nobody’s fault');
});

test('explainSolveError() calls a killed step what it most likely was', (t) => {
  const { explained } = explain(new SolveError({ code: 'user', message: 'failed', exitCode: 137, source: SOURCE }));
  t.like(explained, { failureClass: 'limits' });
  t.regex((explained as BuildFailure).message, /Dockerfile line 2: failed \(killed, probably out of memory\)$/);
});

test('explainSolveError() does not blame the person for a step that was not started', (t) => {
  const failed = { code: 'user', message: 'failed', exitCode: 1, source: SOURCE } as const;
  const error = new SolveError({ ...failed, vertex: { digest: 'sha256:a' } });
  t.deepEqual(explain(error, 'runc run failed: EOF').lines, []);
  t.like(explain(error, 'runc run failed: EOF').explained, {
    failureClass: 'platform',
    message: 'web,api: a step could not be started: runc run failed: EOF',
  });
  t.like(explain(error).explained, { failureClass: 'user' });
});

test('explainSolveError() leaves alone what is not the person’s', (t) => {
  for (const error of [
    new SolveError({ code: 'cancelled', message: 'stop', source: SOURCE }),
    new SolveError({ code: 'unavailable', message: 'gone' }),
    new SolveError({
      code: 'user',
      message: 'process "make" did not complete successfully: fork/exec runc: too many open files: <nil>',
      source: SOURCE,
    }),
    new Error('other'),
  ]) {
    t.deepEqual(explain(error), { explained: error, lines: [] });
  }
});

test('explainSolveError() says of a program for another processor what it is, and what helps', (t) => {
  const error = new SolveError({ code: 'user', message: 'process "make" failed', exitCode: 1, source: SOURCE });
  const starts = { findFailure: () => undefined };
  const explainWith = (isSeen: boolean, platforms: readonly string[]) => {
    const foreign = { isSeen: () => isSeen, platforms };
    return String(explainSolveError(error, { services: 'web', log: { note: () => {} }, starts, foreign }));
  };
  t.regex(
    explainWith(true, ['linux/arm64']),
    /web: Dockerfile line 2: RUN started a program for linux\/arm64, which cannot run on this worker/,
  );
  t.regex(explainWith(true, []), /a program for another platform/);
  t.regex(explainWith(false, ['linux/arm64']), /process "make" failed$/);
});
