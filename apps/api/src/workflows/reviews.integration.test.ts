import { githubPullRequest, signWebhook } from '@convox-builds/forge/testing';
import anyTest, { type TestFn } from 'ava';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import { buildOf, endBuild, nextCommit, watchRepository } from '../testing/watch-repository.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

/** A review workflow of the repository of GitHub's examples; every test has one, and gets the webhooks of all. */
async function review(api: TestApi, app: string, form: Readonly<Record<string, string>> = {}) {
  const repository = 'https://github.com/acme/shop.git';
  const watched = await watchRepository(api, app, { kind: 'review', repository, forge: 'github', ...form });
  const { secret } = await watched.open({ rotate: 'true' });
  const send = async (action: string, head: Readonly<Record<string, unknown>> = {}) => {
    const sha = nextCommit();
    const json = githubPullRequest(action, { sha, ...head });
    const webhook = signWebhook({ kind: 'github', event: 'pull_request', json, secret, deliveryId: `${app}-${sha}` });
    const { status } = await api.call('POST', watched.path, { ...webhook, authorization: '' });
    await watched.run();
    return { sha, status };
  };
  return { ...watched, send };
}

test.serial(
  'reviews: an opened pull request is built, a newer commit takes its place, and closing it stops all',
  async (t) => {
    const { api } = t.context;
    const { workflow, send, jobs } = await review(api, 'reviewed');
    t.like(workflow, { kind: 'review', promote: 'manual', concurrency: 'supersede', branches: ['**'] });
    const first = await send('opened');
    t.is(first.status, 202);
    const second = await send('synchronize');
    const [newer, older] = await jobs();
    t.like(older, { state: 'cancelled', commit: first.sha, reason: `superseded by job ${newer?.id}` });
    t.like(newer, { state: 'building', commit: second.sha });
    const build = await api.store.builds.find('reviewed', buildOf(newer));
    t.like(build, { state: 'queued', source: `https://github.com/acme/shop.git#${second.sha}`, gitSha: second.sha });
    t.is((await api.store.buildOrigins.find(buildOf(newer)))?.pullRequest, Number(newer?.subject.slice(1)));
    await send('closed');
    t.like((await jobs())[0], { state: 'cancelled', reason: `pull request ${newer?.subject} was closed` });
    t.like(await api.store.builds.find('reviewed', buildOf(newer)), { state: 'cancelled' });
    await api.call('DELETE', `/workflows/${workflow.id}`);
  },
);

test.serial('reviews: a pull request that was built promotes nothing', async (t) => {
  const { api } = t.context;
  const { workflow, send, jobs, run } = await review(api, 'unpromoted');
  await send('opened');
  t.not(await endBuild(api, buildOf((await jobs())[0])), '');
  await run();
  t.is((await jobs())[0]?.state, 'complete');
  t.deepEqual(await api.store.promotions.list('unpromoted', { limit: 10 }), []);
  await api.call('DELETE', `/workflows/${workflow.id}`);
});

test.serial('reviews: what comes from another repository is built only where that is wanted', async (t) => {
  const { api } = t.context;
  const fork = { repo: { full_name: 'stranger/shop', clone_url: 'https://github.com/stranger/shop.git', id: 1 } };
  const wary = await review(api, 'wary');
  await wary.send('opened', fork);
  t.deepEqual(await wary.jobs(), []);
  t.is((await wary.deliveries())[0]?.outcomes[0]?.reason, 'pull requests from other repositories are not built');
  await api.call('PUT', `/workflows/${wary.workflow.id}`, { form: { forks: 'true' } });
  const { sha } = await wary.send('synchronize', fork);
  const [job] = await wary.jobs();
  const number = job?.subject.slice(1);
  t.like(await api.store.builds.find('wary', buildOf(job)), {
    source: `https://github.com/acme/shop.git#refs/pull/${number}/head`,
    gitSha: sha,
    gitBranch: '',
  });
  await api.call('DELETE', `/workflows/${wary.workflow.id}`);
});
