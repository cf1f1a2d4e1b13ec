import { createGitRepository, createTemporaryFolder, startGitServer, waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { startTestApi } from '../testing/start-test-api.js';
import { runWorkflows } from '../workflows/run-workflows.js';
import { startPolling } from './start-polling.js';

test('promise 6: the services of the rack are not asked, although their network is open', async (t) => {
  const api = await startTestApi({ variables: { GIT_ALLOWED_NETWORKS: '127.0.0.0/8', GIT_POLL_SECONDS: '1' } });
  const polling = startPolling(api.parts);
  t.teardown(async () => {
    await polling.close();
    await api.stop();
  });
  await api.store.apps.create({ name: 'shop', generation: '3' });
  const repository = `http://${new URL(api.redis.url).host}/shop.git`;
  const form = { app: 'shop', name: 'main', repository, forge: 'generic', poll: 'true', branches: 'main' };
  t.is((await api.call('POST', '/workflows', { form })).status, 200);
  const failed = async () => (await api.store.polledRepositories.list('shop'))[0]?.lastError ?? '';
  await waitUntil(async () => (await failed()) !== '', { what: 'it is refused' });
  t.regex(await failed(), /^"127\.0\.0\.1" is inside of the rack's network/);
});

test('a repository that nobody sends webhooks of is built when it changes, and not when its workflow is disabled', async (t) => {
  const api = await startTestApi({ variables: { GIT_ALLOWED_NETWORKS: '127.0.0.0/8', GIT_POLL_SECONDS: '1' } });
  const folder = await createTemporaryFolder();
  const server = await startGitServer({ folder: folder.path });
  const repository = await createGitRepository(folder.path, 'shop');
  await repository.commit({ a: '1' });
  const polling = startPolling(api.parts);
  t.teardown(async () => {
    await polling.close();
    await server.stop();
    await api.stop();
    await folder.remove();
  });
  await api.store.apps.create({ name: 'shop', generation: '3' });
  const url = `${server.url}/shop.git`;
  const form = { app: 'shop', name: 'main', repository: url, forge: 'generic', poll: 'true', branches: 'main' };
  const created = await api.call('POST', '/workflows', { form });
  t.is(created.status, 200, created.text);
  const { id } = JSON.parse(created.text);
  const rows = () => api.store.polledRepositories.list('shop');
  await waitUntil(async () => (await rows())[0]?.polledAt !== undefined, { what: 'it is looked at' });
  const commit = await repository.commit({ a: '2' });
  const builds = () => api.store.builds.list('shop', { limit: 10 });
  await waitUntil(
    async () => {
      await runWorkflows(api.parts, new AbortController().signal);
      return (await builds()).length > 0;
    },
    { what: 'the change is built' },
  );
  t.like((await builds())[0], { source: `${url}#${commit}`, gitSha: commit, gitBranch: 'main', lane: 'automatic' });
  t.is((await api.call('PUT', `/workflows/${id}`, { form: { enabled: 'false' } })).status, 200);
  await waitUntil(async () => (await rows()).length === 0, { what: 'it is looked at no more', timeoutMs: 20_000 });
});
