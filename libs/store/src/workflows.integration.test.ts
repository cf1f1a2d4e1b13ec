import type { PushEvent } from '@convox-builds/forge';

import type { Store } from './store.js';
import { createTestApp, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';
import { createTestWorkflow } from './testing/workflows.js';
import type { SettleOptions } from './workflow-deliveries.js';
import type { JobPlan, JobRecord, WorkflowRecord } from './workflow-records.js';

const MANIFEST = 'services:\n  web:\n    image: busybox\n';
const PLAN: JobPlan = {
  ...{ source: 'https://git.example.org/a/b.git#main', commit: '', branch: 'main', description: '', manifest: '' },
  ...{ buildArgs: {}, submodules: false, pullRequest: null, promote: 'automatic' },
};
const EVENT: PushEvent = {
  kind: 'push',
  repository: { fullName: 'a/b', cloneUrls: [], defaultBranch: '' },
  ref: { type: 'branch', name: 'main' },
  before: undefined,
  head: { id: 'a'.repeat(40), message: 'Change it', author: 'Ann' },
  sender: 'ann',
  changedPaths: undefined,
};

const start = (commit: string) => ({ start: { subject: 'refs/heads/main', commit, title: '', plan: PLAN } });

const onFailure = (error: unknown) => {
  throw error;
};

/** Settles what is pending until nothing is; of this test's workflow alone something is started. */
async function settle(store: Store, workflow: WorkflowRecord): Promise<void> {
  const decide = ({ id }: WorkflowRecord) => (id === workflow.id ? start('a'.repeat(40)) : { ignore: 'not ours' });
  while ((await store.receivedDeliveries.settle({ limit: 10, decide, onFailure })) > 0);
}

testOnEachBackend(
  'workflows: a delivery is recorded once, and settled once, however many ask at the same time',
  async (t, { store }) => {
    const workflow = await createTestWorkflow(store);
    const delivery = { hookId: workflow.hookId, deliveryId: 'd1', events: [EVENT] };
    const recorded = await Promise.all([1, 2, 3].map(() => store.receivedDeliveries.record(delivery)));
    t.deepEqual(recorded.filter(Boolean), [true]);
    await Promise.all([1, 2, 3].map(() => settle(store, workflow)));
    const jobs = await store.jobs.list({ workflowId: workflow.id, limit: 10 });
    t.is(jobs.length, 1);
    const [settled] = await store.receivedDeliveries.list({ hookId: workflow.hookId, limit: 10 });
    t.like(settled, { state: 'ended', run: 1, outcomes: [{ workflow: workflow.id, job: jobs[0]?.id, reason: '' }] });
    t.deepEqual(settled?.events[0], JSON.parse(JSON.stringify(EVENT)));

    t.true(await store.receivedDeliveries.repeat(settled?.id ?? ''));
    await settle(store, workflow);
    t.is((await store.jobs.list({ workflowId: workflow.id, limit: 10 })).length, 2);
  },
);

testOnEachBackend(
  'workflows: a delivery that cannot be settled starts nothing, and keeps no other one',
  async (t, { store }) => {
    const workflow = await createTestWorkflow(store);
    const commits = { good: 'a'.repeat(40), bad: 'b'.repeat(40) };
    const eventOf = (commit: string): PushEvent => ({ ...EVENT, head: { id: commit, message: '', author: '' } });
    const record = (deliveryId: string, events: PushEvent[]) =>
      store.receivedDeliveries.record({ hookId: workflow.hookId, deliveryId, events });
    await record('d1', [eventOf(commits.good), eventOf(commits.bad)]);
    await record('d2', [eventOf(commits.good)]);
    const fault = new Error('no luck');
    const decide: SettleOptions['decide'] = ({ id }, event) => {
      if (id !== workflow.id) return { ignore: 'not ours' };
      if (event.kind === 'push' && event.head?.id === commits.bad) throw fault;
      return start(commits.good);
    };
    const failures: unknown[] = [];
    await store.receivedDeliveries.settle({ limit: 10, decide, onFailure: (error) => failures.push(error) });
    t.deepEqual(failures, [fault]);
    const jobs = await store.jobs.list({ workflowId: workflow.id, limit: 10 });
    t.is(jobs.length, 1);
    const [second, first] = await store.receivedDeliveries.list({ hookId: workflow.hookId, limit: 10 });
    t.like(first, { state: 'ended', outcomes: [{ workflow: '', job: '' }] });
    t.regex(first?.outcomes[0]?.reason ?? '', /^the rack failed/);
    t.like(second, { state: 'ended', outcomes: [{ job: jobs[0]?.id }] });
  },
);

testOnEachBackend('workflows: what passes by itself leaves the deliveries as they were', async (t, { store }) => {
  const workflow = await createTestWorkflow(store);
  await store.receivedDeliveries.record({ hookId: workflow.hookId, deliveryId: 'd1', events: [EVENT] });
  const decide = () => {
    throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
  };
  const settled = store.receivedDeliveries.settle({ limit: 10, decide, onFailure: () => t.fail() });
  await t.throwsAsync(settled, { code: '40P01' });
  t.like((await store.receivedDeliveries.list({ hookId: workflow.hookId, limit: 10 }))[0], { state: 'pending' });
  await settle(store, workflow);
});

/** A build of a job. */
async function createBuildOf(store: Store, job: JobRecord, app: string): Promise<string> {
  const options = { ...PLAN, noCache: false, development: false, external: false, wildcardDomain: false };
  const build = { app, source: PLAN.source, options, description: '', gitSha: '', workflowJobId: job.id };
  return (await store.builds.create(build)).id;
}

/** Does what a worker does with it; answers the id of its release. */
async function completeBuild(store: Store, buildId: string): Promise<string> {
  const claim = { buildId, attempt: 1, worker: 'w1' };
  await store.attempts.claim(claim, { leaseMs: 60_000 });
  await store.attempts.saveManifest(claim, MANIFEST);
  return (await store.attempts.complete(claim, RESULT))?.id ?? '';
}

testOnEachBackend('workflows: a job whose app is deleted while it is promoted is over', async (t, { store }) => {
  const app = await createTestApp(store);
  const workflow = await createTestWorkflow(store, { apps: [app] });
  const job = await store.jobs.create(workflow, start('').start);
  const buildId = await createBuildOf(store, job, app);
  await store.jobs.markBuilding(job.id);
  await completeBuild(store, buildId);
  await store.jobs.advance();
  t.is((await store.jobs.find(job.id))?.state, 'promoting');
  await store.apps.delete(app);
  await store.jobs.advance();
  t.like(await store.jobs.find(job.id), { state: 'cancelled', reason: 'its apps were deleted' });
});

testOnEachBackend('workflows: a job follows its build, and promotes its release once', async (t, { store }) => {
  const workflow = await createTestWorkflow(store);
  const { app, id: workflowId } = workflow;
  const job = await store.jobs.create(workflow, start('').start);
  const buildId = await createBuildOf(store, job, app);
  t.deepEqual((await store.jobs.find(job.id))?.builds, [{ app, buildId }]);
  t.true(await store.jobs.markBuilding(job.id));
  t.false(await store.jobs.markBuilding(job.id));
  await store.jobs.advance();
  t.is((await store.jobs.find(job.id))?.state, 'building');

  const releaseId = await completeBuild(store, buildId);
  await Promise.all([store.jobs.advance(), store.jobs.advance()]);
  t.is((await store.jobs.find(job.id))?.state, 'promoting');
  const mine = async () => (await store.jobs.listPromoting({ limit: 100 })).find(({ jobId }) => jobId === job.id);
  t.like(await mine(), { app, workflowId, releaseId, promotion: null });
  const wanted = { app, releaseId, actor: 'w', isForced: false, isDone: true, workflowJobId: job.id };
  await Promise.all([store.promotions.create(wanted), store.promotions.create(wanted)]);
  t.is((await store.promotions.list(app, { limit: 10 })).length, 1);
  t.like(await mine(), { promotion: { state: 'succeeded' } });
  t.true(await store.jobs.end(job.id, 'complete', ''));
  t.false(await store.jobs.end(job.id, 'failed', ''));
});

testOnEachBackend(
  'workflows: one whose app is deleted goes with it, and so does the place of its webhooks',
  async (t, { store }) => {
    const workflow = await createTestWorkflow(store);
    const other = await createTestWorkflow(store);
    await store.jobs.create(workflow, start('').start);
    await store.apps.delete(workflow.app);
    await store.workflows.forgetHooks();
    t.is(await store.workflows.find(workflow.id), undefined);
    t.is(await store.hooks.find(workflow.hookId), undefined);
    t.not(await store.hooks.find(other.hookId), undefined);
  },
);

testOnEachBackend(
  'workflows: of one repository have one hook, and one app has no two of a name',
  async (t, { store }) => {
    const workflow = await createTestWorkflow(store);
    const { app } = workflow;
    const second = await createTestWorkflow(store, { app, name: 'second' });
    t.is(second.hookId, workflow.hookId);
    await t.throwsAsync(createTestWorkflow(store, { app, name: 'second' }), { message: /of that name/ });
    t.is(await store.workflows.update(second.id, { name: 'main' }), undefined);
    t.like(await store.workflows.update(second.id, { name: 'third', tags: ['v*'] }), { name: 'third', tags: ['v*'] });
  },
);
