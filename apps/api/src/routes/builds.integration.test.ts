import { buildJobId, buildQueueName } from '@convox-builds/domain';
import { waitUntil } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';
import { Redis } from 'ioredis';

import { claimTestBuild } from '../testing/claim-build.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi; redis: Redis }>;

const ZERO = '0001-01-01T00:00:00Z';
const URL_FORM = { url: 'object://web/src.tgz' };

test.before(async (t) => {
  const api = await startTestApi();
  t.context = { api, redis: new Redis(api.redis.url) };
  await api.call('POST', '/apps', { form: { name: 'web' } });
  await api.call('POST', '/apps', { form: { name: 'other' } });
  await api.call('POST', '/apps/web/objects/src.tgz', { body: 'source' });
  await api.store.workers.report({ name: 'one', owner: 'one/1', slots: 1000, state: 'ready', findings: [] });
});
test.after.always(async (t) => {
  t.context.redis?.disconnect();
  await t.context.api?.stop();
});

const parse = (text: string) => JSON.parse(text) as Record<string, unknown> & { id: string };

async function createBuild(api: TestApi, form: Record<string, string> = {}, app = 'web') {
  const answer = await api.call('POST', `/apps/${app}/builds?`, { form: { ...URL_FORM, ...form } });
  return parse(answer.text);
}

test('POST builds: answers a build with every field, and rings for its first attempt', async (t) => {
  const { api, redis } = t.context;
  const build = await createBuild(api, {
    description: 'first',
    'git-sha': 'abc',
    'build-args-json': '["A=1,2"]',
    'no-cache': 'true',
  });
  t.regex(build.id, /^B[A-Z]{10}$/);
  t.like(build, {
    app: 'web',
    description: 'first',
    'git-sha': 'abc',
    status: 'created',
    state: 'queued',
    ended: ZERO,
    release: '',
    reason: '',
    logs: '',
    repository: '',
  });
  t.deepEqual(
    Object.keys(build).sort(),
    'app description ended entrypoint failure git-author git-branch git-sha git-subject git-url id images lane logs manifest process reason release repository started state status'.split(
      ' ',
    ),
  );
  const { options } = (await api.store.builds.find('web', build.id)) ?? {};
  t.like(options, { buildArgs: { A: '1,2' }, noCache: true, external: false });
  const key = `bull:${buildQueueName('one')}:${buildJobId({ buildId: build.id, attempt: 1 })}`;
  await waitUntil(async () => (await redis.exists(key)) === 1, { what: 'the worker is rung' });
  const job = await redis.hget(key, 'data');
  t.deepEqual(JSON.parse(job ?? ''), { buildId: build.id, attempt: 1 });
});

const refused: [string, Record<string, string>, number, RegExp][] = [
  ['without a source', { url: '' }, 400, /^url is required/],
  ['from git by another transport', { url: 'ext::sh -c id' }, 400, /^Cannot read git URL/],
  ['of a file', { url: 'file:///etc/passwd' }, 400, /only https, http and ssh are spoken/],
  ["of another app's object", { url: 'object://other/src.tgz' }, 400, /^url must be an object of app web/],
  ['of a key that climbs', { url: 'object://web/../other/src.tgz' }, 400, /expected object:/],
  ['of a missing object', { url: 'object://web/nope.tgz' }, 404, /^object not found: nope\.tgz/],
  ['with a manifest outside', { manifest: '../convox.yml' }, 400, /^manifest must be a path inside/],
  ['with a bad flag', { 'no-cache': 'maybe' }, 400, /^no-cache must be true or false/],
  ['with bad arguments', { 'build-args-json': '{' }, 400, /^build-args-json: expected a JSON list/],
  ['that supersedes and names no branch', { supersede: 'true' }, 400, /^supersede needs git-branch/],
  ['with a zero byte', { description: 'a\0b' }, 400, /^description contains a zero byte/],
];
for (const [title, form, status, message] of refused) {
  test(`POST builds: refuses one ${title}`, async (t) => {
    const answer = await t.context.api.call('POST', '/apps/web/builds', { form: { ...URL_FORM, ...form } });
    t.is(answer.status, status);
    t.regex(answer.text, message);
    t.is(answer.text.trim().split('\n').length, 1);
  });
}

test('builds: of unknown apps and with unknown ids are named as missing', async (t) => {
  const { api } = t.context;
  for (const [path, message] of [
    ['/apps/nope/builds', 'app not found: nope\n'],
    ['/apps/web/builds/BAAAAAAAAAA', 'build not found: BAAAAAAAAAA\n'],
    ['/apps/web/builds/import', 'build not found: import\n'],
  ] as const) {
    const { status, text } = await api.call('GET', path);
    t.deepEqual([status, text], [404, message]);
  }
  t.is((await api.call('POST', '/apps/nope/builds', { form: URL_FORM })).text, 'app not found: nope\n');
  const build = await createBuild(api);
  t.is((await api.call('GET', `/apps/other/builds/${build.id}`)).status, 404);
});

test('GET builds: newest first, ten by default', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'listed' } });
  await api.call('POST', '/apps/listed/objects/src.tgz', { body: 'source' });
  const ids: string[] = [];
  for (let index = 0; index < 12; index++) {
    ids.unshift((await createBuild(api, { url: 'object://listed/src.tgz' }, 'listed')).id);
  }
  const list = async (query: string) => {
    const { text } = await api.call('GET', `/apps/listed/builds${query}`);
    return (JSON.parse(text) as { id: string }[]).map(({ id }) => id);
  };
  t.deepEqual(await list('?'), ids.slice(0, 10));
  t.deepEqual(await list('?limit=3'), ids.slice(0, 3));
  t.is((await api.call('GET', '/apps/listed/builds?limit=x')).status, 400);
});

test('builds: one that goes back to the queue stays running for older clients, and is rung again', async (t) => {
  const { api, redis } = t.context;
  const claim = await claimTestBuild(api.store, 'web', { leaseMs: 1 });
  await waitUntil(
    async () => {
      await api.reconcile();
      return (await api.store.builds.find('web', claim.buildId))?.state === 'queued';
    },
    { what: 'the build is queued again' },
  );
  const build = parse((await api.call('GET', `/apps/web/builds/${claim.buildId}`)).text);
  t.like(build, { status: 'running', state: 'queued' });
  t.is(await redis.exists(`bull:${buildQueueName('one')}:${claim.buildId}-2`), 1);
});

test('cancel: ends queued and running builds on the record, once, in the name of the actor', async (t) => {
  const { api, redis } = t.context;
  const heard: string[] = [];
  const subscriber = redis.duplicate();
  await subscriber.subscribe('build-cancel');
  subscriber.on('message', (_channel, id) => heard.push(id));
  const claim = await claimTestBuild(api.store, 'web');
  const queued = await createBuild(api);
  for (const id of [queued.id, claim.buildId]) {
    const headers = { 'X-Convox-Actor': 'eve' };
    t.is((await api.call('POST', `/apps/web/builds/${id}/cancel`, { headers })).text, 'ok\n');
    const build = parse((await api.call('GET', `/apps/web/builds/${id}`)).text);
    t.like(build, { status: 'failed', state: 'cancelled', reason: 'cancelled by eve', release: '' });
    const again = await api.call('POST', `/apps/web/builds/${id}/cancel`);
    t.deepEqual([again.status, again.text], [409, `build ${id} is not running\n`]);
  }
  await waitUntil(() => heard.includes(claim.buildId), { what: 'the workers hear of it' });
  subscriber.disconnect();
  t.is(await api.store.attempts.complete(claim, { images: {}, entrypoint: '' }), undefined);
});

test('PUT builds: records what the client of an external build reports', async (t) => {
  const { api } = t.context;
  const external = await createBuild(api, { url: '', external: 'true' });
  t.like(external, { status: 'created', state: 'created' });
  const put = (form: Record<string, string>) => api.call('PUT', `/apps/web/builds/${external.id}`, { form });
  const manifest = 'services:\n  web:\n    build: .\n';
  t.like(parse((await put({ manifest, status: 'running', started: '20260704.101500.000000000' })).text), {
    manifest,
    status: 'running',
    started: '2026-07-04T10:15:00.000Z',
  });
  t.is((await put({ status: 'complete' })).status, 422);
  t.is((await put({ logs: 'object://other/x' })).status, 400);
  t.is((await put({ release: 'RAAAAAAAAAA' })).status, 404);
  const release = parse((await api.call('POST', '/apps/web/releases', { form: { build: external.id } })).text);
  const done = parse((await put({ release: release.id, status: 'complete' })).text);
  t.like(done, { status: 'complete', release: release.id });
  t.not(done.ended, ZERO);
  t.is((await put({ status: 'running' })).status, 409);
});

test('PUT builds: cannot touch a build that the rack runs', async (t) => {
  const { api } = t.context;
  const build = await createBuild(api);
  t.is((await api.call('PUT', `/apps/web/builds/${build.id}`, { form: { status: 'complete' } })).status, 409);
});

test('POST builds: a repeated request with an Idempotency-Key is the same build', async (t) => {
  const { api } = t.context;
  const post = (key: string, form: Record<string, string> = {}) =>
    api.call('POST', '/apps/web/builds', { form: { ...URL_FORM, ...form }, headers: { 'Idempotency-Key': key } });
  const answers = await Promise.all([post('a-key'), post('a-key'), post('a-key')]);
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  t.is(new Set(answers.map(({ text }) => parse(text).id)).size, 1);
  t.not(parse((await post('b-key')).text).id, parse(answers[0].text).id);
  const other = await post('a-key', { description: 'something else' });
  t.deepEqual([other.status, other.text], [422, 'Idempotency-Key was used for another request: use a new one\n']);
  t.is((await post('x'.repeat(256))).status, 400);
});

test('POST builds: one that supersedes cancels the older ones of its branch that wait', async (t) => {
  const { api } = t.context;
  const older = await createBuild(api, { 'git-branch': 'main' });
  const other = await createBuild(api, { 'git-branch': 'topic' });
  const newer = await createBuild(api, { 'git-branch': 'main', supersede: 'true' });
  const state = async (id: string) => parse((await api.call('GET', `/apps/web/builds/${id}`)).text);
  t.like(await state(older.id), { state: 'cancelled', reason: `superseded by ${newer.id}, a newer build of main` });
  t.like(await state(other.id), { state: 'queued', 'git-branch': 'topic' });
});

test('GET build: tells its attempts, and how it waits', async (t) => {
  const { api } = t.context;
  await api.store.apps.create({ name: 'waits', generation: '2' });
  await api.store.apps.update('waits', { parameters: { BuildConcurrency: '1' } });
  const claim = await claimTestBuild(api.store, 'waits');
  await api.store.attempts.retry(
    claim,
    { failureClass: 'platform', reason: 'the registry is away' },
    { delayMs: 60_000 },
  );
  const details = parse((await api.call('GET', `/apps/waits/builds/${claim.buildId}`)).text);
  t.like(details, { state: 'queued', status: 'running', failure: 'platform', reason: 'the registry is away' });
  t.like(details['attempts'], [{ attempt: 1, outcome: 'queued', failure: 'platform', reason: 'the registry is away' }]);
  t.regex(JSON.stringify(details['queue']), /"position":\d+/);
  t.regex(JSON.stringify(details['queue']), /it is tried again at ..:..:.. UTC: the registry is away/);
});

test('a build that has to wait says so in its log, once', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'busy' } });
  await api.call('POST', '/apps/busy/objects/src.tgz', { body: 'source' });
  await api.store.apps.update('busy', { parameters: { BuildConcurrency: '1' } });
  await claimTestBuild(api.store, 'busy');
  const build = await createBuild(api, { url: 'object://busy/src.tgz' }, 'busy');
  const logOf = async () =>
    Buffer.concat(
      (await api.store.logs.read(build.id, { afterSeq: 0, limit: 9 })).map(({ bytes }) => bytes),
    ).toString();
  await waitUntil(async () => (await logOf()) !== '', { what: 'the log says something' });
  t.regex(await logOf(), /^Waiting: position \d+.* \(its app runs 1 of at most 1 builds\)\n$/);
});
