import { setImmediate as turn } from 'node:timers/promises';

import anyTest, { type TestFn } from 'ava';

import { claimTestBuild, createTestBuild } from '../testing/claim-build.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

interface Build {
  readonly id: string;
  readonly status: string;
  readonly state: string;
  readonly release: string;
  readonly reason: string;
}

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const get = async <T>({ call }: TestApi, path: string) => JSON.parse((await call('GET', path)).text) as T;
const getBuild = (api: TestApi, app: string, id: string) => get<Build>(api, `/apps/${app}/builds/${id}`);

test('checklist 6: a status is one of four words, whatever the state', async (t) => {
  const { api } = t.context;
  const { attempts } = api.store;
  const claim = () => claimTestBuild(api.store, 'states');
  const failure = { failureClass: 'platform', reason: 'registry away' } as const;
  const queued = (await createTestBuild(api.store, 'states')).id;
  const [running, complete, failed, again, cancelled] = [
    await claim(),
    await claim(),
    await claim(),
    await claim(),
    await claim(),
  ];
  await attempts.complete(complete, { images: {}, entrypoint: '' });
  await attempts.fail(failed, failure);
  await attempts.retry(again, failure, { delayMs: 60_000 });
  await api.call('POST', `/apps/states/builds/${cancelled.buildId}/cancel`, { headers: { 'X-Convox-Actor': 'ann' } });
  const expected: [string, string, string][] = [
    [queued, 'created', 'queued'],
    [running.buildId, 'running', 'running'],
    [complete.buildId, 'complete', 'complete'],
    [failed.buildId, 'failed', 'failed'],
    [again.buildId, 'running', 'queued'],
    [cancelled.buildId, 'failed', 'cancelled'],
  ];
  for (const [id, status, state] of expected) t.like(await getBuild(api, 'states', id), { status, state });
  t.is((await getBuild(api, 'states', cancelled.buildId)).reason, 'cancelled by ann');
});

test('checklist 8: nobody sees a complete build without its release', async (t) => {
  const { api } = t.context;
  const seen: Build[] = [];
  for (let round = 0; round < 5; round++) {
    const claim = await claimTestBuild(api.store, 'atomic');
    let isDone = false;
    const poll = async () => {
      while (!isDone) {
        seen.push(await getBuild(api, 'atomic', claim.buildId));
        await turn();
      }
    };
    const polls = [poll(), poll(), poll()];
    await api.store.attempts.complete(claim, { images: {}, entrypoint: '' });
    seen.push(await getBuild(api, 'atomic', claim.buildId));
    isDone = true;
    await Promise.all(polls);
  }
  t.true(seen.some(({ status }) => status === 'running'));
  t.true(seen.some(({ status }) => status === 'complete'));
  for (const { status, release } of seen) t.is(release !== '', status === 'complete');
});

test('checklist 11: a time is never empty: one that is not set is the zero time', async (t) => {
  const { api } = t.context;
  const build = await createTestBuild(api.store, 'times');
  await api.call('POST', '/apps/times/releases', { form: { env: 'A=1' } });
  const texts = await Promise.all(
    ['/apps/times/builds', `/apps/times/builds/${build.id}`, '/apps/times/releases'].map((path) =>
      api.call('GET', path),
    ),
  );
  const times = texts.flatMap(({ text }) => [...text.matchAll(/"(?:started|ended|created)": (.*?),?\n/g)]);
  t.true(times.length >= 5);
  for (const [, time = ''] of times) t.regex(time, /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"$/);
  t.true(times.some(([, time]) => time === '"0001-01-01T00:00:00Z"'));
});

test('checklist 16: lists are ten long unless they are asked for more, the newest first', async (t) => {
  const { api } = t.context;
  const builds: string[] = [];
  const releases: string[] = [];
  for (let count = 0; count < 12; count++) {
    builds.unshift((await createTestBuild(api.store, 'many')).id);
    const { text } = await api.call('POST', '/apps/many/releases', { form: { env: `COUNT=${count}` } });
    releases.unshift((JSON.parse(text) as { id: string }).id);
  }
  for (const [list, ids] of [
    ['builds', builds],
    ['releases', releases],
  ] as const) {
    const read = async (query: string) =>
      (await get<{ id: string }[]>(api, `/apps/many/${list}?${query}`)).map(({ id }) => id);
    t.deepEqual(await read(''), ids.slice(0, 10));
    t.deepEqual(await read('limit=2'), ids.slice(0, 2));
    t.deepEqual(await read('limit=100'), ids);
  }
});

test('checklist 23: (flaw 26) a build that a client makes has the one release that the client made', async (t) => {
  const { api } = t.context;
  const post = async (path: string, form: Record<string, string>) =>
    JSON.parse((await api.call('POST', path, { form })).text) as { id: string; env: string; manifest: string };
  await api.call('POST', '/apps', { form: { name: 'external' } });
  await post('/apps/external/releases', { env: 'A=1' });
  const { id } = await post('/apps/external/builds', { external: 'true', description: 'imported' });
  const manifest = 'services:\n  web:\n    image: nginx\n';
  await api.call('PUT', `/apps/external/builds/${id}`, { form: { manifest } });
  const first = await post('/apps/external/releases', { build: id });
  t.like(first, { env: 'A=1', manifest });
  await api.call('PUT', `/apps/external/builds/${id}`, { form: { release: first.id, status: 'complete' } });
  t.like(await getBuild(api, 'external', id), { status: 'complete', release: first.id });
  t.is((await post('/apps/external/releases', { build: id })).id, first.id);
  t.is((await get<unknown[]>(api, '/apps/external/releases')).length, 2);
  t.not((await post('/apps/external/releases', { build: id, env: 'A=2' })).id, first.id);
});
