import type { PullRequestEvent } from '@convox-builds/forge';
import { NO_OPTIONS } from './records.js';
import type { WorkflowDecision } from './settle-delivery.js';
import type { Store } from './store.js';
import { createTestApp } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';
import { createTestWorkflow } from './testing/workflows.js';
import type { JobPlan, WorkflowRecord } from './workflow-records.js';

const COMMIT = 'a'.repeat(40);
const PLAN: JobPlan = {
  ...{ source: 'https://git.example.org/a/b.git#main', commit: COMMIT, branch: 'topic', description: '', manifest: '' },
  ...{ buildArgs: {}, submodules: false, pullRequest: 7, promote: 'automatic' },
};
const EVENT: PullRequestEvent = {
  kind: 'pull-request',
  action: 'opened',
  repository: { fullName: 'a/b', cloneUrls: [], defaultBranch: '' },
  ...{ number: 7, title: 'Change it', url: '', sourceBranch: 'topic', targetBranch: 'main' },
  ...{ head: { id: COMMIT, message: '', author: '' }, changedAt: '', isFromFork: false, sender: 'ann' },
};

const createReviews = (store: Store, app: string) =>
  createTestWorkflow(store, { app, apps: [app], kind: 'review', reviewApps: true });

/** Tells of a change of pull request #7, and looks at it. */
async function tell(store: Store, workflow: WorkflowRecord, action: PullRequestEvent['action']): Promise<void> {
  const deliveryId = `d${Math.random()}`;
  await store.receivedDeliveries.record({ hookId: workflow.hookId, deliveryId, events: [{ ...EVENT, action }] });
  const decide = ({ id }: WorkflowRecord): WorkflowDecision => {
    if (id !== workflow.id) return { ignore: 'not ours' };
    if (action === 'closed') return { cancel: '#7', reason: 'it was closed' };
    const review = { number: 7, isFromFork: false };
    return { start: { subject: '#7', commit: COMMIT, title: '', plan: PLAN, review } };
  };
  const onFailure = (error: unknown) => {
    throw error;
  };
  while ((await store.receivedDeliveries.settle({ limit: 10, decide, onFailure })) > 0);
}

testOnEachBackend(
  'reviewApps: one is made once, with what its app has, and uses its git credentials',
  async (t, { store }) => {
    const app = await createTestApp(store);
    await store.apps.update(app, { parameters: { BuildMem: '512' } });
    await store.releases.create({ app, environment: 'A=1' });
    const host = `${app}.example.org`;
    const credential = { host, kind: 'token', username: '', fingerprint: 'f', sealed: '' } as const;
    await store.gitCredentials.save({ ...credential, app: undefined, sealed: 'rack' });
    await store.gitCredentials.save({ ...credential, app, sealed: 'target' });
    const workflow = await createReviews(store, app);
    await tell(store, workflow, 'opened');
    await tell(store, workflow, 'updated');
    const name = `${app}-review-7`;
    t.like(await store.apps.find(name), { parameters: { BuildMem: '512' } });
    t.is((await store.releases.list(name, { limit: 10 })).length, 1);
    t.is((await store.releases.latest(name))?.environment, 'A=1');
    const find = async () => (await store.gitCredentials.find({ app: name, host, kind: 'token' }))?.sealed;
    t.is(await find(), 'target');
    await store.gitCredentials.save({ ...credential, app: name, sealed: 'own' });
    t.is(await find(), 'own');
    await store.apps.delete(name);
    t.is(await find(), 'rack');
  },
);

testOnEachBackend('reviewApps: one goes when its builds have ended and their forge was told', async (t, { store }) => {
  const app = await createTestApp(store);
  const host = `${app}.example.org`;
  await store.forges.save({ host, kind: 'github', apiUrl: `https://${host}`, sealedToken: 's' });
  const webhook = { id: `W${app}`, url: 'https://example.org', app: null, format: 'convox' } as const;
  await store.webhooks.create({ ...webhook, events: ['app:delete'], sealedSecret: 's' });
  const workflow = await createReviews(store, app);
  await tell(store, workflow, 'opened');
  const name = `${app}-review-7`;
  const [job] = await store.jobs.list({ workflowId: workflow.id, limit: 1 });
  const build = await store.builds.create({
    ...{ app: name, source: PLAN.source, options: { ...NO_OPTIONS }, description: '', gitSha: COMMIT },
    workflowJobId: job?.id ?? '',
  });
  const origin = { kind: 'github', host, repository: 'a/b', commit: COMMIT, pullRequest: 7, workflowId: null } as const;
  await store.buildOrigins.record({ ...origin, buildId: build.id });
  t.deepEqual(await store.reviewApps.removeLeft(), []);
  await tell(store, workflow, 'closed');
  t.deepEqual(await store.reviewApps.removeLeft(), []);
  await store.builds.cancel(name, build.id, { actor: 'its workflow' });
  t.deepEqual(await store.reviewApps.removeLeft(), []);
  for (const due of await store.feedback.claim({ owner: 'o', leaseMs: 60_000, limit: 10, perHost: 10 }))
    await store.feedback.record(due, { state: 'told', reason: '' });
  t.deepEqual(await store.reviewApps.removeLeft(), [name]);
  t.is(await store.apps.find(name), undefined);
  t.like(await store.deliveries.list(webhook.id, { limit: 10 }), [
    { event: 'app:delete', app: name, facts: { app: name } },
  ]);
});
