import { randomUUID } from 'node:crypto';

import { githubPullRequest, signWebhook } from '@convox-builds/forge/testing';
import anyTest, { type TestFn } from 'ava';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { buildOf, endBuild, nextCommit, watchRepository } from '../testing/watch-repository.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const FORK = { repo: { full_name: 'stranger/shop', clone_url: 'https://github.com/stranger/shop.git' } };

interface Sent {
  /** Seconds of the forge's clock. */
  readonly at?: number;
  readonly number?: number;
  readonly sha?: string;
  readonly head?: Readonly<Record<string, unknown>>;
}

/** A review workflow with apps, of an app with an environment; every test has a repository of its own. */
async function reviewApps(api: TestApi, app: string, form: Readonly<Record<string, string>> = {}) {
  const { store } = api;
  const fullName = `acme/${app}`;
  const named = { full_name: fullName, clone_url: `https://github.com/${fullName}.git` };
  await store.apps.create({ name: app, generation: '3' });
  await store.apps.update(app, { parameters: { BuildMem: '512' } });
  await store.releases.create({ app, environment: 'TOKEN=secret' });
  const defaults = { kind: 'review', 'review-apps': 'true', repository: named.clone_url, forge: 'github' };
  const watched = await watchRepository(api, app, { ...defaults, ...form });
  const post = async (action: string, { at = 0, number = 7, sha = nextCommit(), head = {} }: Sent = {}) => {
    const json = githubPullRequest(action, { sha, repo: named, ...head });
    const pull_request = { ...(json['pull_request'] as object), updated_at: new Date(at * 1000).toISOString() };
    const deliveryId = randomUUID();
    const told = { ...json, number, pull_request, repository: named };
    const webhook = signWebhook({
      kind: 'github',
      event: 'pull_request',
      json: told,
      secret: watched.secret,
      deliveryId,
    });
    await api.call('POST', watched.path, { ...webhook, authorization: '' });
    return sha;
  };
  const send = async (action: string, options?: Sent) => {
    const sha = await post(action, options);
    await watched.run();
    return sha;
  };
  const find = (number = 7) => store.apps.find(`${app}-review-${number}`);
  const reasons = async () => (await watched.deliveries()).map(({ outcomes }) => outcomes[0]?.reason);
  return { ...watched, post, send, find, reasons };
}

test('review apps: a pull request has one from when it is opened until it is closed, and again when it is reopened', async (t) => {
  const { api } = t.context;
  const { workflow, send, find, jobs, run } = await reviewApps(api, 'shop');
  t.like(workflow, { 'review-apps': true, promote: 'automatic', concurrency: 'supersede' });
  const sha = await send('opened');
  t.like(await find(), { parameters: { BuildMem: '512' }, generation: '3' });
  const [job] = await jobs();
  t.like(job, { commit: sha, state: 'building', builds: [{ app: 'shop-review-7' }] });
  const releaseId = await endBuild(api, buildOf(job));
  await run();
  await run();
  t.is((await jobs())[0]?.state, 'complete');
  t.is((await find())?.activeReleaseId, releaseId);
  t.is((await api.store.releases.find('shop-review-7', releaseId))?.environment, 'TOKEN=secret');
  t.is((await api.store.apps.find('shop'))?.activeReleaseId, '');

  await send('synchronize', { at: 1 });
  const running = buildOf((await jobs())[0]);
  await send('closed', { at: 2 });
  t.like((await jobs())[0], { state: 'cancelled', reason: 'pull request #7 was closed' });
  await run();
  t.is(await find(), undefined);
  t.is(await api.store.builds.find('shop-review-7', running), undefined);

  await send('reopened', { at: 3, sha });
  t.truthy(await find());
  t.like((await jobs())[0], { state: 'building', commit: sha });
});

test('review apps: one that was built is built again for the same commit when its app was removed', async (t) => {
  const { api } = t.context;
  const { send, find, jobs, run } = await reviewApps(api, 'again');
  const sha = await send('opened');
  await endBuild(api, buildOf((await jobs())[0]));
  await run();
  await run();
  await send('closed', { at: 1 });
  t.is(await find(), undefined);
  await send('reopened', { at: 2, sha });
  t.like((await jobs())[0], { commit: sha, state: 'building', builds: [{ app: 'again-review-7' }] });
});

test('review apps: webhooks that come late, twice or at once make and remove nothing that they should not', async (t) => {
  const { api } = t.context;
  const { post, send, find, jobs, deliveries, reasons, run } = await reviewApps(api, 'late');
  await Promise.all([post('opened', { at: 10 }), post('opened', { at: 10 }), post('synchronize', { at: 11 })]);
  await Promise.all([run(), run(), run()]);
  t.truthy(await find());
  const unended = (await jobs()).filter(({ state }) => state === 'building' || state === 'waiting');
  t.is(unended.length, 1);
  await send('closed', { at: 20 });
  await run();
  t.is(await find(), undefined);
  for (const [action, at] of [
    ['synchronize', 19],
    ['synchronize', 20],
    ['synchronize', 21],
    ['opened', 10],
  ] as const) {
    await send(action, { at });
    t.is((await reasons())[0], 'pull request #7 was closed or changed since');
  }
  t.is(await find(), undefined);
  const [late] = await deliveries();
  await api.call('POST', `/workflow-deliveries/${late?.id}/redeliver`);
  await run();
  t.is(await find(), undefined);

  await send('reopened', { at: 30 });
  await send('closed', { at: 25 });
  await run();
  t.truthy(await find());
});

test('review apps: each pull request and each app has its own', async (t) => {
  const { api } = t.context;
  await api.store.apps.create({ name: 'side', generation: '3' });
  const { send, find, jobs, run } = await reviewApps(api, 'front', { apps: 'front,side' });
  await send('opened', { number: 1 });
  await send('opened', { number: 2 });
  t.deepEqual(
    (await jobs()).map(({ builds }) => builds.map(({ app }) => app)),
    [
      ['front-review-2', 'side-review-2'],
      ['front-review-1', 'side-review-1'],
    ],
  );
  await send('closed', { number: 1, at: 1 });
  await run();
  t.deepEqual([await find(1), await api.store.apps.find('side-review-1')], [undefined, undefined]);
  t.truthy(await find(2));
  await api.store.apps.delete('side');
  await send('closed', { number: 2, at: 1 });
  await run();
  t.deepEqual([await find(2), await api.store.apps.find('side-review-2')], [undefined, undefined]);
});

test('promise 7: review apps of other repositories are made only where that is wanted, and get no environment', async (t) => {
  const { api } = t.context;
  const { workflow, send, find, reasons } = await reviewApps(api, 'wary');
  await send('opened', { head: FORK });
  t.is((await reasons())[0], 'pull requests from other repositories are not built');
  t.is(await find(), undefined);
  await api.call('PUT', `/workflows/${workflow.id}`, { form: { forks: 'true' } });
  await send('synchronize', { head: FORK, at: 1 });
  t.like(await find(), { parameters: { BuildMem: '512' } });
  t.is(await api.store.releases.latest('wary-review-7'), undefined);
});

test('review apps: an app of that name which is somebody else is neither built into nor removed', async (t) => {
  const { api } = t.context;
  const { send, find, jobs, reasons, run } = await reviewApps(api, 'taken');
  await api.store.apps.create({ name: 'taken-review-7', generation: '3' });
  await send('opened');
  t.is((await reasons())[0], 'app taken-review-7 is there already, and not of this workflow');
  await send('closed', { at: 1 });
  await run();
  t.truthy(await find());
  t.deepEqual(await jobs(), []);
});

test('review apps: they go with their workflow, also while it is disabled, but not when they are locked', async (t) => {
  const { api } = t.context;
  const { workflow, send, find, jobs, run } = await reviewApps(api, 'gone');
  const change = (form: Readonly<Record<string, string>>) => api.call('PUT', `/workflows/${workflow.id}`, { form });
  await send('opened');
  await send('opened', { number: 8 });
  await send('opened', { number: 9 });
  for (const job of await jobs()) await endBuild(api, buildOf(job), { fails: true });
  await api.store.apps.update('gone-review-9', { locked: true });
  await change({ enabled: 'false' });
  await send('closed', { at: 1 });
  await run();
  t.is(await find(), undefined);
  t.truthy(await find(8));
  await change({ 'review-apps': 'false', promote: 'manual' });
  await run();
  t.is(await find(8), undefined);
  await api.call('DELETE', `/workflows/${workflow.id}`);
  await run();
  t.truthy(await find(9));
  await api.store.apps.update('gone-review-9', { locked: false });
  await run();
  t.is(await find(9), undefined);
});

test('review apps: what is promoted is waited for', async (t) => {
  const { api } = t.context;
  const { send, find, jobs, run } = await reviewApps(api, 'slow');
  await send('opened');
  const releaseId = await endBuild(api, buildOf((await jobs())[0]));
  await api.store.promotions.create({
    ...{ app: 'slow-review-7', releaseId, actor: 'somebody', isForced: false, isDone: false },
  });
  await run();
  t.is((await jobs())[0]?.state, 'promoting');
  await send('closed', { at: 1 });
  await run();
  t.truthy(await find());
  await api.store.promotions.cancel('slow-review-7', { actor: 'somebody' });
  for (let round = 0; round < 3; round++) await run();
  t.is((await jobs())[0]?.state, 'complete');
  t.is(await find(), undefined);
});

test('review apps: what makes no sense is refused', async (t) => {
  const { api } = t.context;
  const { workflow, repository } = await reviewApps(api, 'strict');
  const name = 'a'.repeat(46);
  await api.store.apps.create({ name, generation: '3' });
  const create = async (form: Readonly<Record<string, string>>) => {
    const defaults = { app: 'strict', name: 'other', repository, forge: 'github', 'review-apps': 'true' };
    return (await api.call('POST', '/workflows', { form: { ...defaults, ...form } })).text.trim();
  };
  t.is(await create({}), 'review-apps is for workflows of kind review');
  t.is(
    await create({ kind: 'review', app: name }),
    `review-apps takes names of up to 45 characters: ${name} is longer`,
  );
  const update = await api.call('PUT', `/workflows/${workflow.id}`, { form: { 'review-apps': 'false' } });
  t.is(update.text, 'promote must be manual: releases of pull requests are promoted in review-apps only\n');
  const byHand = await api.call('POST', `/workflows/${workflow.id}/run`, { form: { branch: 'main' } });
  t.regex(byHand.text, /^its apps are of pull requests: /);
});
