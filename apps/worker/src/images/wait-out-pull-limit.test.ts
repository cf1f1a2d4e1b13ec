import { BuildkitError, SolveError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { RegistryError } from '@convox-builds/registry';
import { createLogger, createMetrics } from '@convox-builds/runtime';
import test from 'ava';

import { createWorkerMetrics } from '../worker-metrics.js';
import { isPullLimit, waitOutPullLimit } from './wait-out-pull-limit.js';

const LIMITED = new SolveError({
  code: 'unavailable',
  message:
    'debian:bookworm: failed to resolve source metadata for docker.io/library/debian:bookworm: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/debian/manifests/bookworm: 429 Too Many Requests',
});

function wait(...outcomes: (Error | string)[]) {
  const messages: string[] = [];
  const make = async () => {
    const outcome = outcomes.shift() ?? LIMITED;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const { signal } = new AbortController();
  const attempt = { log: { line: (message: string) => void messages.push(message) } };
  const metrics = createWorkerMetrics(createMetrics({ logger: createLogger({ name: 'test', level: 'silent' }) }));
  const image = { services: ['web'], attempt, signal };
  return { messages, result: waitOutPullLimit(make, image, { metrics, delaysMs: [1, 1] }) };
}

test('waitOutPullLimit() says which registry limits pulls, and tries again', async (t) => {
  const { result, messages } = wait(LIMITED, LIMITED, 'made');
  t.is(await result, 'made');
  const message =
    'web registry registry-1.docker.io limits how much may be pulled (429 Too Many Requests): trying again in 0.001 s';
  t.deepEqual(messages, [message, message]);
});

test('waitOutPullLimit() gives up in the end and says what to do', async (t) => {
  const error = await t.throwsAsync(wait().result, { instanceOf: BuildFailure });
  t.is(error?.failureClass, 'platform');
  t.regex(error?.message ?? '', /^web: registry registry-1\.docker\.io limits .*: give the rack a login for it/);
});

test('waitOutPullLimit() waits for nothing else', async (t) => {
  const other = new Error('429 Too Many Requests');
  const { result, messages } = wait(other);
  t.is(await t.throwsAsync(result), other);
  t.deepEqual(messages, []);
});

test('isPullLimit() knows limits of the daemon, of its questions, and of copies; not those of pushes', (t) => {
  t.true(isPullLimit(new BuildkitError('unknown', 'toomanyrequests: You have reached your pull rate limit')));
  t.true(isPullLimit(new RegistryError('unavailable', 'Cannot GET "docker.io/library/debian"', { status: 429 })));
  t.false(isPullLimit(new RegistryError('unavailable', 'Cannot GET "docker.io/library/debian"', { status: 503 })));
  t.false(isPullLimit(new SolveError({ code: 'unknown', message: 'failed to push a/b: 429 Too Many Requests' })));
});
