import { findFreePort, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { createTestBuild } from '../testing/claim-build.js';
import { startTestApi } from '../testing/start-test-api.js';

const FORM = { url: 'object://web/src.tgz' };

test('POST builds: is accepted while Redis is away, frozen or back, and every build is rung in the end', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await api.call('POST', '/apps', { form: { name: 'web' } });
  await api.call('POST', '/apps/web/objects/src.tgz', { body: 'x' });
  const post = async () => {
    const startedAt = performance.now();
    const { status } = await api.call('POST', '/apps/web/builds', { form: FORM });
    return { status, isQuick: performance.now() - startedAt < 20_000 };
  };
  t.deepEqual(await post(), { status: 200, isQuick: true });
  api.redis.service.signal('SIGSTOP');
  t.deepEqual(await post(), { status: 200, isQuick: true });
  api.redis.service.signal('SIGCONT');
  await api.redis.service.stop('SIGKILL');
  t.deepEqual(await post(), { status: 200, isQuick: true });
  await api.store.workers.report({ name: 'one', owner: 'one/1', slots: 9, state: 'ready', findings: [] });
  await api.reconcile();
  // The ring was lost, and so was what Redis had: the worker hears of them all the same.
  const given = await api.store.workers.report({ name: 'one', owner: 'one/1', slots: 9, state: 'ready', findings: [] });
  t.is(given.length, 3);
});

test('an api that starts without Redis answers', async (t) => {
  const api = await startTestApi({ redisUrl: `redis://127.0.0.1:${await findFreePort()}` });
  t.teardown(api.stop);
  await api.call('POST', '/apps', { form: { name: 'web' } });
  await api.call('POST', '/apps/web/objects/src.tgz', { body: 'x' });
  t.is((await api.call('POST', '/apps/web/builds', { form: FORM })).status, 200);
});

test('an api without its database says so', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await createTestBuild(api.store, 'web');
  t.is((await api.call('GET', '/apps/web/builds')).status, 200);
  await api.postgres.service.stop('SIGQUIT');
  await waitUntil(async () => (await api.call('GET', '/apps/web/builds')).status === 503, { what: 'it is 503' });
  const { text } = await api.call('GET', '/apps');
  t.is(text, 'the rack cannot reach its database, try again in a moment\n');
  t.is((await api.call('GET', '/check')).status, 200);
});
