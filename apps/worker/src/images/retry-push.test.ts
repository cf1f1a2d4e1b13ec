import { SolveError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import test from 'ava';

import { retryPush } from './retry-push.js';

const failure = (message: string) => new SolveError({ code: 'unknown', message });
const AWAY = failure('failed to push host:5000/app: failed to do request: connection refused');

function attempt(...outcomes: (Error | string)[]) {
  const messages: string[] = [];
  let [solves, refusals] = [0, 0];
  const controller = new AbortController();
  const result = retryPush(
    async () => {
      const outcome = outcomes[solves++] ?? AWAY;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    {
      services: 'web',
      signal: controller.signal,
      onRetry: (message) => void messages.push(message),
      onRefused: () => {
        refusals += 1;
      },
      delaysMs: [1, 1, 1],
    },
  );
  return { result, messages, controller, solves: () => solves, refusals: () => refusals };
}

test('retryPush() tries again while the registry is away, and says so', async (t) => {
  const { result, messages } = attempt(AWAY, AWAY, 'sha256:1');
  t.is(await result, 'sha256:1');
  t.is(messages.length, 2);
  t.regex(messages[0] ?? '', /^web the registry did not take the image \(failed to push .*\): trying again in /);
});

test('retryPush() gives up in the end with what the daemon said', async (t) => {
  const { result, solves } = attempt();
  t.is(await t.throwsAsync(result), AWAY);
  t.is(solves(), 4);
});

for (const status of ['401 Unauthorized', '403 Forbidden']) {
  test(`retryPush() has a password that ran out replaced, once, when the registry says ${status}`, async (t) => {
    const refused = failure(`failed to push host/app: unexpected status: ${status}`);
    const renewed = attempt(refused, AWAY, 'sha256:1');
    t.is(await renewed.result, 'sha256:1');
    t.is(renewed.refusals(), 1);
    const { result, solves } = attempt(refused, AWAY, refused);
    t.is((await t.throwsAsync(result, { instanceOf: BuildFailure })).failureClass, 'credentials');
    t.is(solves(), 3);
  });
}

test('retryPush() leaves everything else alone', async (t) => {
  const { result, solves } = attempt(failure('process "/bin/sh -c false" did not complete: exit code 1'));
  await t.throwsAsync(result, { message: /exit code 1/ });
  t.is(solves(), 1);
});

test('retryPush() takes no step for a push, whatever its line says', async (t) => {
  const ran = 'process "./x || (echo failed to push: permission denied; exit 1)" did not complete: exit code: 1';
  const copied = 'failed to compute cache key: "/failed to push": not found';
  const source = { file: 'Dockerfile', ranges: [], excerpt: [] };
  for (const failed of [
    new SolveError({ code: 'user', message: ran, exitCode: 1 }),
    new SolveError({ code: 'user', message: copied, source }),
  ]) {
    const { result, solves } = attempt(failed);
    t.is(await t.throwsAsync(result), failed);
    t.is(solves(), 1);
  }
});
