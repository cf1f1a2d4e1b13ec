import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createWebhookId } from '@convox-builds/domain';
import { createTemporaryFolder, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { completeTestBuild } from '../testing/complete-build.js';
import { startApiProcess, waitForApiProcess } from '../testing/start-api-process.js';
import { AUTHORIZATION, ENCRYPTION_KEY, PASSWORD, startTestApi, type TestApi } from '../testing/start-test-api.js';
import { isSigned, startTestReceiver } from '../testing/start-test-receiver.js';
import { buildOf, endBuild, watchRepository } from '../testing/watch-repository.js';

const SECRET = 'a secret of promotions';

async function startApi(t: ExecutionContext, variables: Readonly<Record<string, string>>) {
  const api = await startTestApi({ variables: { REGISTRY_HOST: 'registry:5000', ...variables } });
  t.teardown(() => api.stop());
  const app = async () => JSON.parse((await api.call('GET', '/apps/web')).text) as { status: string; release: string };
  const promote = (id: string, form: Record<string, string> = {}) =>
    api.call('POST', `/apps/web/releases/${id}/promote`, { form });
  const ended = async () => {
    await waitUntil(async () => (await app()).status === 'running', { what: 'the app is running' });
    return (await api.store.promotions.list('web', { limit: 1 }))[0];
  };
  return { api, app, promote, ended };
}

/** A program for PROMOTE_COMMAND. */
async function writeScript(t: ExecutionContext, text: string): Promise<{ command: string; folder: string }> {
  const { path: folder, remove } = await createTemporaryFolder();
  t.teardown(remove);
  const script = join(folder, 'promote.sh');
  await writeFile(script, `set -eu\ncd ${folder}\n${text}\n`);
  return { command: JSON.stringify(['/bin/sh', script, 'an argument']), folder };
}

async function releaseWithEnvironment({ store }: TestApi, environment: string): Promise<string> {
  await completeTestBuild(store, 'web');
  return (await store.releases.create({ app: 'web', environment }))?.id ?? '';
}

test('promotions: a command gets the release, and none of our secrets; the app is updating until it has ended', async (t) => {
  const { command, folder } = await writeScript(
    t,
    'cat > call.json; env > env.txt; until test -e go; do sleep 0.1; done',
  );
  const { api, app, promote, ended } = await startApi(t, { PROMOTE_COMMAND: command });
  const id = await releaseWithEnvironment(api, 'A=s3cret value\nB=2');
  t.is((await promote(id)).text, 'ok\n');
  t.deepEqual(await app().then(({ status, release }) => [status, release]), ['updating', '']);
  const refused = await promote(id);
  t.deepEqual([refused.status, refused.text], [403, 'app is currently updating\n']);
  await writeFile(join(folder, 'go'), '');
  t.like(await ended(), { state: 'succeeded', reason: '', tries: 1 });
  t.is((await app()).release, id);
  const call = JSON.parse(await readFile(join(folder, 'call.json'), 'utf8'));
  t.like(call, { app: 'web', release: id, try: 1, actor: 'unknown', environment: { A: 's3cret value', B: '2' } });
  t.is(call.images.web, `registry:5000/web@sha256:${'a'.repeat(64)}`);
  t.regex(call.manifest, /^services:/);
  const env = await readFile(join(folder, 'env.txt'), 'utf8');
  t.regex(env, /^CONVOX_APP=web$/m);
  t.notRegex(env, new RegExp(`s3cret|${PASSWORD}|ENCRYPTION_KEY|DATABASE_URL`));
});

test('promotions: who deploys is told what a workflow wants to have run before and after', async (t) => {
  const { command, folder } = await writeScript(t, 'cat > call.json');
  const { api, ended } = await startApi(t, { PROMOTE_COMMAND: command });
  const { store } = api;
  const webhook = { id: createWebhookId(), url: 'https://example.org', app: null, format: 'convox' } as const;
  await store.webhooks.create({ ...webhook, events: ['release:promote'], sealedSecret: '' });
  const wanted = { before: 'web bin/migrate --all', after: 'worker bin/warm' };
  const { workflow, push, jobs, run } = await watchRepository(api, 'web', wanted);
  t.like(workflow, wanted);
  const change = (before: string) => api.call('PUT', `/workflows/${workflow.id}`, { form: { before } });
  t.is((await change('web')).text, 'before must be a service and its command, such as "web bin/migrate"\n');
  await push();
  await run();
  t.is((await change('')).status, 200);
  await endBuild(api, buildOf((await jobs())[0]));
  await run();
  await run();
  t.is((await ended())?.state, 'succeeded');
  t.like(JSON.parse(await readFile(join(folder, 'call.json'), 'utf8')), wanted);
  const [told] = await store.deliveries.list(webhook.id, { limit: 1 });
  t.like(told, { event: 'release:promote', outcome: 'success', facts: wanted });
});

test('promotions: a command that fails leaves the release as it was, and its reason hides values', async (t) => {
  const script = 'echo first >&2; echo "cannot sign in with s3cret value" >&2; echo >&2; exit 3';
  const { api, app, promote, ended } = await startApi(t, { PROMOTE_COMMAND: (await writeScript(t, script)).command });
  const id = await releaseWithEnvironment(api, 'A=s3cret value');
  await promote(id);
  const reason = 'the promotion command ended with 3: cannot sign in with ****';
  t.like(await ended(), { state: 'failed', reason });
  t.is((await app()).release, '');
  t.like(JSON.parse((await api.call('GET', '/apps/web/promotions')).text), [{ state: 'failed', reason, release: id }]);
});

test('promotions: a command that takes too long is ended with all that it has started', async (t) => {
  const { command, folder } = await writeScript(t, 'trap "" TERM; (while :; do date > alive; sleep 0.1; done) & wait');
  const { api, promote, ended } = await startApi(t, { PROMOTE_COMMAND: command, PROMOTE_TIMEOUT_SECONDS: '1' });
  await promote(await releaseWithEnvironment(api, ''));
  t.like(await ended(), { state: 'failed', reason: 'the promotion command took longer than 1 seconds' });
  const before = (await stat(join(folder, 'alive'))).mtimeMs;
  await sleep(400);
  t.is((await stat(join(folder, 'alive'))).mtimeMs, before);
});

test('promotions: force takes the place of one that runs, and cancel ends it', async (t) => {
  const { command, folder } = await writeScript(t, 'echo "$CONVOX_RELEASE" >> calls; test -e go || sleep 60');
  const { api, promote, ended } = await startApi(t, { PROMOTE_COMMAND: command, PROMOTE_LEASE_SECONDS: '1' });
  const first = await releaseWithEnvironment(api, 'A=1');
  const second = await releaseWithEnvironment(api, 'A=2');
  await promote(first);
  const calls = () => readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  await waitUntil(async () => (await calls()) !== '');
  t.is((await promote(second, { force: 'true' })).status, 200);
  await waitUntil(async () => (await calls()) === `${first}\n${second}\n`);
  t.is((await api.call('POST', '/apps/web/cancel')).text, 'ok\n');
  t.like(await ended(), { state: 'failed', reason: 'cancelled by unknown', releaseId: second });
  t.is((await api.call('POST', '/apps/web/cancel')).text, 'app is not updating\n');
  await writeFile(join(folder, 'go'), '');
  await promote(second);
  t.like(await ended(), { state: 'succeeded' });
});

test('promotions: a call is signed, tried again with the same key, and its answer is the reason', async (t) => {
  const statuses = [503, 200, 422];
  const receiver = await startTestReceiver((_post, response) => {
    response.writeHead(statuses.shift() ?? 500).end(JSON.stringify({ error: 'no room\nleft' }));
  });
  t.teardown(() => receiver.stop());
  const variables = { PROMOTE_URL: `${receiver.url}apps/{app}?a=1`, PROMOTE_SECRET: SECRET };
  const { api, app, promote, ended } = await startApi(t, variables);
  const id = await releaseWithEnvironment(api, 'A=1');
  await promote(id);
  t.like(await ended(), { state: 'succeeded', tries: 2 });
  t.is((await app()).release, id);
  const [first, second] = receiver.posts;
  if (first === undefined || second === undefined) return t.fail('it was not called twice');
  t.true(isSigned(first, SECRET) && isSigned(second, SECRET));
  t.false(isSigned(first, 'another secret'));
  t.like(first.json, { release: id, try: 1, environment: { A: '1' } });
  t.like(second.json, { release: id, try: 2, promotion: first.json.promotion });
  t.is(first.path, '/apps/web?a=1');
  t.is(first.headers['idempotency-key'], first.json.promotion);
  t.is(second.headers['idempotency-key'], first.json.promotion);
  await promote(id);
  t.like(await ended(), { state: 'failed', reason: 'the promotion hook answered status 422: no room left' });
});

test('promotions: an api that is killed loses none: another one takes it up', async (t) => {
  let isAnswering = false;
  const receiver = await startTestReceiver((_post, response) => void (isAnswering && response.end()));
  t.teardown(() => receiver.stop());
  const { api, app, ended } = await startApi(t, {});
  const id = await releaseWithEnvironment(api, 'A=1');
  const variables = {
    ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: api.postgres.url, REDIS_URL: api.redis.url },
    ...{ OBJECTS_FOLDER: api.objectsFolder, RACK_PASSWORD: PASSWORD, ENCRYPTION_KEY },
    ...{ PROMOTE_URL: receiver.url, PROMOTE_SECRET: SECRET, PROMOTE_LEASE_SECONDS: '2' },
  };
  const first = startApiProcess(variables);
  t.teardown(() => first.child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${await waitForApiProcess(first)}/apps/web/releases/${id}/promote`;
  t.is((await fetch(url, { method: 'POST', headers: { authorization: AUTHORIZATION } })).status, 200);
  await waitUntil(() => receiver.posts.length === 1);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  t.is((await app()).status, 'updating');

  const second = startApiProcess(variables);
  t.teardown(() => second.child.kill('SIGKILL'));
  await waitForApiProcess(second);
  await waitUntil(() => receiver.posts.length === 2);
  // One that stops in order hands it back at once.
  isAnswering = true;
  second.child.kill('SIGTERM');
  t.deepEqual(await once(second.child, 'exit'), [0, null]);
  const third = startApiProcess(variables);
  t.teardown(() => third.child.kill('SIGKILL'));
  t.like(await ended(), { state: 'succeeded', tries: 2 });
  t.is((await app()).release, id);
  t.is(new Set(receiver.posts.map(({ headers }) => headers['idempotency-key'])).size, 1);
  third.child.kill('SIGTERM');
  await once(third.child, 'exit');
});
