import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { WireDelivery } from '@convox-builds/api-contract';
import { waitUntil } from '@convox-builds/testing';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';

import { completeTestBuild } from '../testing/complete-build.js';
import { roleToken } from '../testing/role-token.js';
import { startApiProcess, waitForApiProcess } from '../testing/start-api-process.js';
import { basic, ENCRYPTION_KEY, PASSWORD, startTestApi, type TestApi } from '../testing/start-test-api.js';
import { isSigned, startTestReceiver } from '../testing/start-test-receiver.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const ALLOWED = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', WEBHOOK_TIMEOUT_SECONDS: '1' };

test.before(async (t) => {
  t.context.api = await startTestApi({ variables: ALLOWED });
});
test.after.always((t) => t.context.api?.stop());

type Answer = Parameters<typeof startTestReceiver>[0];

async function startReceiver(t: ExecutionContext, answer?: Answer) {
  const receiver = await startTestReceiver(answer);
  t.teardown(() => receiver.stop());
  return receiver;
}

/** A webhook of an app of its own, or of one that is given. */
async function createWebhook({ call, store }: TestApi, form: Readonly<Record<string, string>> & { app: string }) {
  await store.apps.create({ name: form.app, generation: '2' });
  const { id, secret } = JSON.parse((await call('POST', '/webhooks', { form })).text) as { id: string; secret: string };
  const deliveries = async () => JSON.parse((await call('GET', `/webhooks/${id}/deliveries`)).text) as WireDelivery[];
  const ended = async (count: number) => {
    const isEnded = async () => (await deliveries()).filter(({ state }) => state !== 'pending').length >= count;
    await waitUntil(isEnded, { what: 'the deliveries have ended' });
    return deliveries();
  };
  const tried = async () => {
    await waitUntil(async () => ((await deliveries())[0]?.['duration-ms'] ?? 0) > 0, { what: 'it was tried' });
    const [first] = await deliveries();
    if (first === undefined) throw new Error('there is no delivery');
    return first;
  };
  return { id, secret, deliveries, ended, tried };
}

test('webhooks: what happens to a build arrives signed, in order, once', async (t) => {
  const { api } = t.context;
  const receiver = await startReceiver(t);
  const { id, secret, ended } = await createWebhook(api, { url: receiver.url, app: 'shop' });
  const { buildId, releaseId } = await completeTestBuild(api.store, 'shop');
  await api.call('POST', `/apps/shop/releases/${releaseId}/promote`);
  await completeTestBuild(api.store, 'not-this-one');
  const deliveries = await ended(3);
  const events = receiver.posts.map(({ json }) => [json.action, json.status, json.data?.id]);
  t.deepEqual(events, [
    ['build:create', 'success', buildId],
    ['release:create', 'success', releaseId],
    ['release:promote', 'success', releaseId],
  ]);
  const [build] = receiver.posts;
  t.like(build?.json.data, { app: 'shop', rack: 'test', release_id: releaseId, state: 'complete' });
  t.regex(build?.json.timestamp ?? '', /^\d{4}-\d\d-\d\dT/);
  for (const post of receiver.posts) {
    t.true(isSigned(post, secret));
    t.is(post.headers['convox-event'], post.json.action);
  }
  t.is(new Set(receiver.posts.map(({ headers }) => headers['convox-delivery'])).size, 3);
  t.like(deliveries[0], { event: 'release:promote', state: 'delivered', tries: 1, answer: 'ok', 'answer-status': 200 });

  const again = `/webhooks/${id}/deliveries/${deliveries[2]?.id}/redeliver`;
  t.is((await api.call('POST', again)).text, 'ok\n');
  await waitUntil(() => receiver.posts.length === 4);
  const [first, last] = [receiver.posts[0], receiver.posts[3]];
  t.is(last?.body, first?.body);
  t.is(last?.headers['convox-delivery'], first?.headers['convox-delivery']);
});

test('webhooks: 500, a redirect, a reset and silence are failures that are tried again', async (t) => {
  const { api } = t.context;
  const elsewhere = await startReceiver(t);
  const cases: [string, Answer, RegExp][] = [
    ['broken', (_post, response) => void response.writeHead(500).end('no\u0000 luck'), /^status 500$/],
    [
      'moved',
      (_post, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
      /^status 307: redirects are not followed$/,
    ],
    ['reset', (_post, response) => void response.socket?.resetAndDestroy(), /socket hang up|ECONNRESET/],
    ['silent', () => {}, /^no answer within 1 seconds$/],
    ['endless', (_post, response) => void response.write('a'), /^no answer within 1 seconds$/],
  ];
  for (const [app, answer, reason] of cases) {
    let askedAt = 0;
    const receiver = await startReceiver(t, (post, response) => {
      askedAt = Date.now();
      answer?.(post, response);
    });
    const { tried } = await createWebhook(api, { url: receiver.url, app, events: 'release:create' });
    await api.store.releases.create({ app, environment: 'A=1' });
    const delivery = await tried();
    t.like(delivery, { state: 'pending', tries: 1, answer: app === 'broken' ? 'no luck' : '' }, app);
    t.regex(delivery.reason, reason, app);
    const nextAt = Date.parse(delivery.next);
    t.true(nextAt - askedAt > 3000, `${app}: ${nextAt - askedAt} ms from one try to the next`);
    t.true(nextAt - Date.now() < 15_000, `${app}: ${nextAt - Date.now()} ms are left`);
  }
  t.is(elsewhere.posts.length, 0);
});

test('webhooks: one that is gone is not asked again, and one that answers forever is not read to the end', async (t) => {
  const { api } = t.context;
  const gone = await startReceiver(t, (_post, response) => void response.writeHead(410).end());
  const chatty = await startReceiver(t, (_post, response) => {
    const timer = setInterval(() => response.write('a'.repeat(100_000)), 1);
    response.on('close', () => clearInterval(timer));
  });
  const ofGone = await createWebhook(api, { url: gone.url, app: 'gone' });
  const ofChatty = await createWebhook(api, { url: chatty.url, app: 'chatty' });
  await api.store.releases.create({ app: 'gone', environment: 'A=1' });
  await api.store.releases.create({ app: 'chatty', environment: 'A=1' });
  t.like(await ofGone.ended(1), [{ state: 'failed', tries: 1, reason: 'status 410' }]);
  t.like(await ofChatty.ended(1), [{ state: 'delivered', answer: 'a'.repeat(300) }]);
});

test('webhooks: one that is silent does not keep another one waiting', async (t) => {
  const { api } = t.context;
  const silent = await startReceiver(t, () => {});
  const quick = await startReceiver(t);
  const [webhooks, releases] = [12, 20];
  for (let index = 0; index < webhooks; index++) {
    const { id } = await createWebhook(api, { url: silent.url, app: 'mixed', events: 'release:create' });
    t.teardown(async () => void (await api.call('DELETE', `/webhooks/${id}`)));
  }
  for (let index = 0; index < releases; index++)
    await api.store.releases.create({ app: 'mixed', environment: `A=${index}` });
  await waitUntil(() => silent.posts.length > 0, { what: 'it is waited for the silent one' });
  await createWebhook(api, { url: quick.url, app: 'brisk', events: 'release:create' });
  await api.store.releases.create({ app: 'brisk', environment: 'A=1' });
  await waitUntil(() => quick.posts.length === 1);
  // Each of them takes a second: one after the other, in the order of events, the quick one would have been the last.
  t.true(silent.posts.length < webhooks * releases, `${silent.posts.length} were sent before`);
});

test('webhooks: two replicas do not deliver twice, and one that is killed in mid-delivery loses nothing', async (t) => {
  const { api } = t.context;
  let isAnswering = false;
  const receiver = await startReceiver(t, (_post, response) => void (isAnswering && response.end('ok')));
  const variables = {
    ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: api.postgres.url, REDIS_URL: api.redis.url, ...ALLOWED },
    ...{ OBJECTS_FOLDER: api.objectsFolder, RACK_PASSWORD: PASSWORD, ENCRYPTION_KEY, WEBHOOK_TIMEOUT_SECONDS: '5' },
  };
  const [alone] = [await startTestApi({ variables: ALLOWED })];
  t.teardown(() => alone.stop());
  // Nobody but the process delivers at first.
  await alone.webhookSender.close();
  const own = { ...variables, DATABASE_URL: alone.postgres.url, REDIS_URL: alone.redis.url };
  const first = startApiProcess(own);
  t.teardown(() => first.child.kill('SIGKILL'));
  await waitForApiProcess(first);
  const { ended } = await createWebhook(alone, { url: receiver.url, app: 'busy', events: 'release:create' });
  await alone.store.releases.create({ app: 'busy', environment: 'A=1' });
  await waitUntil(() => receiver.posts.length === 1);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  isAnswering = true;
  const replicas = [startApiProcess(own), startApiProcess(own)];
  t.teardown(() => replicas.map(({ child }) => child.kill('SIGKILL')));
  await Promise.all(replicas.map(waitForApiProcess));
  for (let value = 2; value < 30; value++)
    await alone.store.releases.create({ app: 'busy', environment: `A=${value}` });
  await ended(10);
  await waitUntil(() => receiver.posts.length >= 30);
  await sleep(500);
  const ids = receiver.posts.map(({ headers }) => headers['convox-delivery']);
  t.is(new Set(ids).size, 29);
  t.is(ids.filter((id) => id === ids[0]).length, 2, 'the one that was cut off comes again');
  t.is(ids.length, 30, 'and no other one');
});

test('webhooks: one for Slack gets a text', async (t) => {
  const { api } = t.context;
  const receiver = await startReceiver(t);
  const { ended } = await createWebhook(api, { url: receiver.url, app: 'chat', format: 'slack' });
  await api.store.releases.create({ app: 'chat', environment: 'A=1' });
  await ended(1);
  t.regex(String(receiver.posts[0]?.json.text), /^✅ \*chat\* has a new release on test\n/);
  t.regex((await api.call('GET', '/webhooks')).text, /"format": "slack"/);
  const refused = await api.call('POST', '/webhooks', { form: { url: receiver.url, format: 'teams' } });
  t.is(refused.text, 'format must be one of convox, slack\n');
});

test('webhooks: who may only read sees neither addresses nor secrets, and changes nothing', async (t) => {
  const { api } = t.context;
  const { secret } = await createWebhook(api, { url: 'https://hooks.example.com/services/t0ken', app: 'seen' });
  t.regex(secret, /^whsec_[\w-]{43}$/);
  const authorization = basic('jwt', roleToken({ role: 'r', exp: Math.floor(Date.now() / 1000) + 600 }));
  const list = await api.call('GET', '/webhooks', { authorization });
  t.regex(list.text, /hooks\.example\.com\/\*\*\*\*/);
  t.notRegex(list.text, /t0ken|whsec_|secret/);
  t.notRegex((await api.call('GET', '/webhooks')).text, /whsec_|secret/);
  t.is((await api.call('POST', '/webhooks', { authorization, form: { url: 'https://example.com' } })).status, 401);
});

test('webhooks: refuses addresses that are none, events that are none, and what is missing', async (t) => {
  const { api } = t.context;
  const create = async (form: Readonly<Record<string, string>>) => {
    const { status, text } = await api.call('POST', '/webhooks', { form });
    return [status, text.trim()];
  };
  for (const url of ['ftp://example.com', 'example.com', 'https://user:pass@example.com/', 'https://', ''])
    t.is((await create({ url }))[0], 400, url);
  const inward = "url: address 10.0.0.1 is inside of the rack's own networks: WEBHOOK_ALLOWED_NETWORKS can open it";
  t.deepEqual(await create({ url: 'http://0x0a.1/' }), [400, inward]);
  t.is((await create({ url: 'http://[::1]:80/' }))[0], 400);
  t.regex(
    String((await create({ url: 'https://example.com', events: 'build:start' }))[1]),
    /^events must be names of /,
  );
  t.deepEqual(await create({ url: 'https://example.com', app: 'nope' }), [404, 'app not found: nope']);
  t.is((await api.call('DELETE', '/webhooks/WAAAAAAAAAA')).text, 'webhook not found: WAAAAAAAAAA\n');
  const { id } = await createWebhook(api, { url: 'https://example.com', app: 'shortlived' });
  t.is((await api.call('POST', `/webhooks/${id}/deliveries/x/redeliver`)).text, 'delivery not found: x\n');
  t.is((await api.call('DELETE', `/webhooks/${id}`)).text, 'ok\n');
  t.is((await api.call('GET', `/webhooks/${id}/deliveries`)).status, 404);
});

test('webhooks: a name that leads inward is refused at the delivery, where it is resolved', async (t) => {
  const api = await startTestApi();
  t.teardown(() => api.stop());
  const receiver = await startReceiver(t);
  const url = receiver.url.replace('127.0.0.1', 'localhost');
  const { ended } = await createWebhook(api, { url, app: 'inward' });
  await api.store.releases.create({ app: 'inward', environment: 'A=1' });
  const [delivery] = await ended(1);
  t.like(delivery, { state: 'failed', tries: 1, 'answer-status': 0 });
  t.regex(delivery?.reason ?? '', /^host localhost has the address (127\.0\.0\.1|::1), which is inside/);
  t.is(receiver.posts.length, 0);
});
