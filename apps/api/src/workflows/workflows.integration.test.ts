import { createHmac } from 'node:crypto';

import anyTest, { type TestFn } from 'ava';

import { signBody } from '../outgoing/sign-body.js';
import { openRaw } from '../testing/raw-connection.js';
import { roleToken } from '../testing/role-token.js';
import { basic, startTestApi, type TestApi } from '../testing/start-test-api.js';
import { buildOf, endBuild, IMAGES, nextCommit, watchRepository as watch } from '../testing/watch-repository.js';
import { startWorkflowsOfPush } from './start-workflows-of-push.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const promotionsOf = async ({ store }: TestApi, app: string) => store.promotions.list(app, { limit: 100 });

test('workflows: a push is built as a client would ask for it, and its release is promoted once', async (t) => {
  const { api } = t.context;
  const { workflow, repository, push, jobs, deliveries, run } = await watch(api, 'shop', {
    'build-args': 'VERSION=2',
    submodules: 'true',
  });
  t.like(workflow, { branches: ['main'], promote: 'automatic', concurrency: 'queue', 'build-args': ['VERSION'] });
  const { commit, answer } = await push();
  t.deepEqual([answer.status, answer.text], [202, 'ok\n']);
  await run();
  const [job] = await jobs();
  t.like(job, { state: 'building', subject: 'refs/heads/main', commit, title: 'Change it' });
  t.like((await deliveries())[0], { state: 'ended', what: 'push to branch main', outcomes: [{ job: job?.id }] });
  const recorded = await api.store.builds.find('shop', buildOf(job));
  t.like(recorded, {
    source: `${repository}#${commit}`,
    gitSha: commit,
    gitBranch: 'main',
    lane: 'automatic',
    description: `${commit.slice(0, 10)} Change it`,
    options: { buildArgs: { VERSION: '2' }, submodules: true },
  });
  t.like(await api.store.buildOrigins.find(buildOf(job)), { repository: 'team/shop', commit, workflowId: workflow.id });
  const releaseId = await endBuild(api, buildOf(job));
  await Promise.all([run(), run(), run()]);
  await run();
  t.like((await jobs())[0], { state: 'complete', reason: '' });
  t.is((await api.store.apps.find('shop'))?.activeReleaseId, releaseId);
  t.is((await promotionsOf(api, 'shop')).length, 1);
  await Promise.all([run(), run()]);
  t.is((await promotionsOf(api, 'shop')).length, 1);
});

test('workflows: a build that fails promotes nothing, and the job says why', async (t) => {
  const { api } = t.context;
  const { push, jobs, run } = await watch(api, 'broken', { apps: 'broken' });
  await push();
  await run();
  const id = buildOf((await jobs())[0]);
  await endBuild(api, id, { fails: true });
  await run();
  t.like((await jobs())[0], { state: 'failed', reason: `${id} of broken: no such file` });
  t.deepEqual(await promotionsOf(api, 'broken'), []);
});

test('workflows: a release that lacks what it requires is not promoted, and the job says so', async (t) => {
  const { api } = t.context;
  const { push, jobs, run } = await watch(api, 'needy');
  await push();
  await run();
  const claim = { buildId: buildOf((await jobs())[0]), attempt: 1, worker: 'w1' };
  await api.store.attempts.claim(claim, { leaseMs: 60_000 });
  await api.store.attempts.saveManifest(claim, 'environment:\n  - TOKEN\nservices:\n  web:\n    image: busybox\n');
  await api.store.attempts.complete(claim, { images: IMAGES, entrypoint: '' });
  await run();
  t.regex((await jobs())[0]?.reason ?? '', /required env: TOKEN/);
  t.is((await jobs())[0]?.state, 'failed');
});

test('workflows: all apps of a job are built before any is promoted', async (t) => {
  const { api } = t.context;
  await api.store.apps.create({ name: 'pair-b', generation: '3' });
  const { push, jobs, run } = await watch(api, 'pair-a', { apps: 'pair-a,pair-b' });
  await push();
  await run();
  const [job] = await jobs();
  t.deepEqual(
    job?.builds.map(({ app }) => app),
    ['pair-a', 'pair-b'],
  );
  await endBuild(api, buildOf(job, 0));
  await run();
  t.deepEqual([(await jobs())[0]?.state, (await promotionsOf(api, 'pair-a')).length], ['building', 0]);
  await endBuild(api, buildOf(job, 1));
  await run();
  await run();
  t.is((await jobs())[0]?.state, 'complete');
  t.is((await promotionsOf(api, 'pair-b')).length, 1);
});

test('workflows: queued jobs of a branch go one after the other; superseding ones take the place of older ones', async (t) => {
  const { api } = t.context;
  const queue = await watch(api, 'patient', { promote: 'manual' });
  for (let count = 0; count < 3; count++) await queue.push();
  await queue.run();
  t.deepEqual(
    (await queue.jobs()).map(({ state }) => state),
    ['waiting', 'waiting', 'building'],
  );
  await endBuild(api, buildOf((await queue.jobs())[2]));
  await queue.run();
  await queue.run();
  t.deepEqual(
    (await queue.jobs()).map(({ state }) => state),
    ['waiting', 'building', 'complete'],
  );

  const hasty = await watch(api, 'hasty', { promote: 'manual', concurrency: 'supersede', branches: '**' });
  await hasty.push();
  await hasty.push({ ref: 'refs/heads/other' });
  await hasty.run();
  await hasty.push();
  await hasty.run();
  const [newest, other, oldest] = await hasty.jobs();
  t.deepEqual([newest?.state, other?.state, oldest?.state], ['building', 'building', 'cancelled']);
  t.is(oldest?.reason, `superseded by job ${newest?.id}`);
  t.like(await api.store.builds.find('hasty', buildOf(oldest)), { state: 'cancelled' });
});

test('workflows: what was decided is told for every delivery, and one can be looked at again', async (t) => {
  const { api } = t.context;
  const { workflow, repository, push, send, jobs, deliveries, run } = await watch(api, 'picky', {
    branches: 'main\nrelease/*',
    tags: 'v*',
    paths: 'web/**\n!**/*.md',
  });
  const reasons = async () => (await deliveries()).map(({ outcomes }) => outcomes[0]?.reason);
  await push({ ref: 'refs/heads/feature' });
  await push({ message: 'docs [skip ci]' });
  await push({ 'changed-paths': ['api/x', 'web/README.md'] });
  await send({ ref: 'refs/heads/main', commit: null });
  await push({ repository: 'https://git.example.org/team/another.git' });
  await run();
  t.deepEqual(await reasons(), [
    'it is of another repository, team/another',
    'branch main was deleted',
    'none of its paths was changed',
    'the commit asks not to be built',
    'branch feature is not one of its own',
  ]);
  await push({ 'changed-paths': ['web/x'] });
  await push({ ref: 'refs/tags/v1' });
  await push({ ref: 'refs/heads/release/2' });
  await run();
  t.deepEqual(
    (await jobs()).map(({ subject }) => subject),
    ['refs/heads/release/2', 'refs/tags/v1', 'refs/heads/main'],
  );

  const feature = (await deliveries()).find(({ what }) => what === 'push to branch feature');
  await api.call('PUT', `/workflows/${workflow.id}`, { form: { branches: '**' } });
  t.is((await api.call('POST', `/workflow-deliveries/${feature?.id}/redeliver`)).text, 'ok\n');
  await run();
  t.like((await jobs())[0], { subject: 'refs/heads/feature', delivery: feature?.id });
  t.is((await api.call('POST', '/workflow-deliveries/x/redeliver')).text, 'delivery not found: x\n');

  await api.call('PUT', `/workflows/${workflow.id}`, { form: { enabled: 'false' } });
  await push();
  await run();
  t.is((await reasons())[0], 'the workflow is disabled');
  t.is(repository, workflow.repository);
});

test('workflows: a delivery that comes again, also at once, starts nothing more', async (t) => {
  const { api } = t.context;
  const { send, jobs, deliveries, run } = await watch(api, 'repeated');
  const event = { ref: 'refs/heads/main', commit: nextCommit() };
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(event, { id: 'the-same' })));
  t.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
  await Promise.all([run(), run(), run()]);
  t.is((await deliveries()).length, 1);
  t.is((await jobs()).length, 1);
});

test('workflows: a poll and a webhook that tell of the same push start it once', async (t) => {
  const { api } = t.context;
  const { repository, push, jobs, deliveries, run } = await watch(api, 'polled');
  const { commit } = await push();
  await run();
  const event = {
    kind: 'push',
    repository: { fullName: 'team/polled', cloneUrls: [repository], defaultBranch: 'main' },
    ref: { type: 'branch', name: 'main' },
    before: undefined,
    head: { id: commit, message: 'Change it', author: '' },
    sender: '',
    changedPaths: undefined,
  } as const;
  t.true(await startWorkflowsOfPush(api.parts, event));
  t.false(await startWorkflowsOfPush(api.parts, event));
  await run();
  const [job] = await jobs();
  t.is((await jobs()).length, 1);
  t.is((await deliveries())[0]?.outcomes[0]?.reason, `job ${job?.id} is of the same commit`);
  const next = nextCommit();
  t.true(await startWorkflowsOfPush(api.parts, { ...event, before: commit, head: { ...event.head, id: next } }));
  await run();
  t.is((await jobs())[0]?.commit, next);
});

test('workflows: what is not signed is refused, whatever it is, and leaves nothing', async (t) => {
  const { api } = t.context;
  const { path, secret, send, deliveries } = await watch(api, 'guarded');
  const refusal = [401, 'the signature of the webhook is missing or wrong\n'];
  const refused = async (headers: Readonly<Record<string, string>>, body = '{}') => {
    const { status, text } = await api.call('POST', path, { body, headers, authorization: '' });
    t.deepEqual([status, text], refusal, JSON.stringify(headers));
  };
  await refused({});
  const valid = signBody('{}', { secret, time: new Date() });
  for (const index of [3, valid.indexOf('v1=') + 5, valid.length - 1])
    await refused({
      'Convox-Signature': `${valid.slice(0, index)}${valid[index] === '0' ? '1' : '0'}${valid.slice(index + 1)}`,
    });
  await refused({ 'Convox-Signature': valid }, '{} ');
  await refused({ 'Convox-Signature': valid.slice(0, -2) });
  await refused({ 'Convox-Signature': signBody('{}', { secret, time: new Date(Date.now() - 301_000) }) });
  await refused({ 'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update('{}').digest('hex')}` });
  await refused({ 'Convox-Signature': signBody('{}', { secret: '', time: new Date() }) });
  t.deepEqual(await deliveries(), []);
  t.is((await send({}, { body: 'no json' })).text, 'Cannot read webhook: its body is no JSON\n');
  t.is(
    (await api.call('POST', '/hooks/HAAAAAAAAAA', { authorization: '', body: '{}' })).text,
    'hook not found: HAAAAAAAAAA\n',
  );
  const large = await openRaw(api.port, [`POST ${path} HTTP/1.1`, 'Content-Length: 26214401']);
  t.regex(String(await large.closed), /^HTTP\/1\.1 413 [^]*webhook is larger than 26214400 bytes\n$/);
  t.deepEqual(await deliveries(), []);
});

test('workflows: a secret is told once; after a rotation the old one holds until the next', async (t) => {
  const { api } = t.context;
  const { secret, open, push } = await watch(api, 'rotated');
  t.regex(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  t.is((await open()).secret, '');
  const second = await open({ rotate: 'true' });
  t.is((await push({}, { secret })).answer.status, 202);
  t.is((await push({}, { secret: second.secret })).answer.status, 202);
  const third = await open({ rotate: 'true' });
  t.is((await push({}, { secret })).answer.status, 401);
  t.is((await push({}, { secret: second.secret })).answer.status, 202);
  t.is((await push({}, { secret: third.secret })).answer.status, 202);
});

test('workflows: a job is cancelled by hand with its build, and its branch goes on', async (t) => {
  const { api } = t.context;
  const { push, jobs, run } = await watch(api, 'stopped', { promote: 'manual' });
  await push();
  await push();
  await run();
  const [next, first] = await jobs();
  t.is((await api.call('POST', `/workflow-jobs/${first?.id}/cancel`)).text, 'ok\n');
  await run();
  t.like(await api.store.builds.find('stopped', buildOf(first)), { state: 'cancelled' });
  await run();
  t.deepEqual(
    (await jobs()).map(({ state, reason }) => [state, reason]),
    [
      ['building', ''],
      ['cancelled', 'cancelled by unknown'],
    ],
  );
  await endBuild(api, buildOf((await jobs())[0]));
  await run();
  t.like(await api.call('POST', `/workflow-jobs/${next?.id}/cancel`), {
    ...{ status: 409, text: `job ${next?.id} is neither waiting nor building\n` },
  });
  t.is((await api.call('POST', '/workflow-jobs/x/cancel')).text, 'job not found: x\n');
});

test('workflows: one that is run by hand builds a branch, or a commit', async (t) => {
  const { api } = t.context;
  const { workflow, repository, jobs, run } = await watch(api, 'manual', { promote: 'manual' });
  const start = (form: Readonly<Record<string, string>>) => api.call('POST', `/workflows/${workflow.id}/run`, { form });
  t.is((await start({ branch: 'dev', title: 'try it' })).status, 200);
  const commit = nextCommit();
  t.is((await start({ commit })).status, 200);
  t.is((await start({ commit: 'abc' })).text, 'commit must be the full id of a commit, in lower case\n');
  t.is((await start({ branch: 'a..b' })).status, 400);
  await run();
  const [ofCommit, ofBranch] = await jobs();
  t.like(await api.store.builds.find('manual', buildOf(ofBranch)), {
    source: `${repository}#dev`,
    description: 'try it',
  });
  t.like(await api.store.builds.find('manual', buildOf(ofCommit)), {
    source: `${repository}#${commit}`,
    gitSha: commit,
  });
});

test('workflows: one whose apps were deleted says so of each job, and keeps no other one waiting', async (t) => {
  const { api } = t.context;
  await api.store.apps.create({ name: 'doomed', generation: '3' });
  const orphan = await watch(api, 'orphan', { apps: 'doomed' });
  const other = await watch(api, 'sibling');
  await api.store.apps.delete('doomed');
  await orphan.push();
  await other.push();
  await orphan.run();
  const reason = 'its apps were deleted';
  t.like((await orphan.jobs())[0], { state: 'cancelled', reason });
  t.is((await other.jobs())[0]?.state, 'building');
  const { status } = await api.call('POST', `/workflows/${orphan.workflow.id}/run`, { form: { branch: 'main' } });
  t.is(status, 200);
  await orphan.run();
  t.like((await orphan.jobs())[0], { state: 'cancelled', reason });
});

test('workflows: refuses what makes no sense, and what somebody may not do', async (t) => {
  const { api } = t.context;
  const { workflow, repository } = await watch(api, 'strict');
  const create = async (form: Readonly<Record<string, string>>) => {
    const defaults = { app: 'strict', name: 'other', repository, forge: 'generic' };
    const { status, text } = await api.call('POST', '/workflows', { form: { ...defaults, ...form } });
    return [status, text.trim()];
  };
  t.deepEqual(await create({ name: 'main' }), [409, 'app strict has a workflow main already']);
  t.deepEqual(await create({ app: 'nope' }), [404, 'app not found: nope']);
  t.deepEqual(await create({ apps: 'strict,nope' }), [404, 'app not found: nope']);
  t.deepEqual(await create({ kind: 'review', promote: 'automatic' }), [
    400,
    'promote must be manual: releases of pull requests are promoted in review-apps only',
  ]);
  t.regex(
    String((await create({ repository: 'https://a:b@git.example.org/x.git' }))[1]),
    /^repository must not hold a login/,
  );
  t.regex(String((await create({ repository: `${repository}#main` }))[1]), /without #$/);
  t.regex(String((await create({ branches: '!!' }))[1]), /^branches has a line that is no pattern/);
  const unknown = await api.call('POST', '/workflows', { form: { app: 'strict', name: 'x', repository } });
  t.is(unknown.text, 'forge is required: nobody knows who sends the webhooks of git.example.org\n');
  const authorization = basic('jwt', roleToken({ role: 'r' }));
  t.is((await api.call('GET', '/workflows', { authorization })).status, 200);
  t.is((await api.call('POST', `/workflows/${workflow.id}/webhook`, { authorization })).status, 401);
  t.is((await api.call('GET', '/workflows/FAAAAAAAAAA')).text, 'workflow not found: FAAAAAAAAAA\n');
  t.is((await api.call('DELETE', `/workflows/${workflow.id}`)).text, 'ok\n');
  t.is((await api.call('GET', `/workflows/${workflow.id}`)).status, 404);
});
