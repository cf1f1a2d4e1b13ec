import { signalTree, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const ask = async (api: TestApi, path: string) => {
  const { status, text } = await api.call('GET', path, { authorization: '' });
  return [status, text];
};

test('GET /health: is live and ready, without a password', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  t.deepEqual(await ask(api, '/health/live'), [200, 'ok\n']);
  await waitUntil(async () => (await ask(api, '/health/ready'))[1] === 'ok\n', { what: 'Redis is connected' });
  t.deepEqual(await ask(api, '/health/ready'), [200, 'ok\n']);
  t.deepEqual(await ask(api, '/health'), [401, 'invalid authentication\n']);
});

test('GET /health/ready: reports a Redis that is away, and is ready all the same', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await waitUntil(async () => (await ask(api, '/health/ready'))[1] === 'ok\n', { what: 'Redis is connected' });
  await api.redis.service.stop('SIGKILL');
  const note = 'ok\nredis does not answer: builds are accepted and wait for it\n';
  t.deepEqual(await ask(api, '/health/ready'), [200, note]);
});

test('GET /health/ready: a Redis that is frozen is away, too', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await waitUntil(async () => (await ask(api, '/health/ready'))[1] === 'ok\n', { what: 'Redis is connected' });
  api.redis.service.signal('SIGSTOP');
  t.deepEqual(await ask(api, '/health/ready'), [
    200,
    'ok\nredis does not answer: builds are accepted and wait for it\n',
  ]);
});

test('GET /health: without its database the api is live and not ready', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await waitUntil(async () => (await ask(api, '/health/ready'))[1] === 'ok\n', { what: 'Redis is connected' });
  await api.postgres.service.stop('SIGQUIT');
  t.deepEqual(await ask(api, '/health/ready'), [503, 'database does not answer\n']);
  t.deepEqual(await ask(api, '/health/live'), [200, 'ok\n']);
});

test('GET /health/ready: a database that is frozen is told in time, and is well again when it answers', async (t) => {
  const api = await startTestApi();
  const { pid } = api.postgres.service;
  t.teardown(() => {
    signalTree(pid, 'SIGCONT');
    return api.stop();
  });
  signalTree(pid, 'SIGSTOP');
  const [status, text] = await ask(api, '/health/ready');
  t.is(status, 503);
  t.regex(String(text), /^database does not answer$/m);
  signalTree(pid, 'SIGCONT');
  await waitUntil(async () => (await ask(api, '/health/ready'))[0] === 200, { what: 'it is ready again' });
  t.pass();
});
