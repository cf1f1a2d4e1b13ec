import { randomUUID } from 'node:crypto';

import type {
  WireWorkflow,
  WireWorkflowDelivery,
  WireWorkflowJob,
  WireWorkflowWebhook,
} from '@convox-builds/api-contract';

import { signBody } from '../outgoing/sign-body.js';
import { runWorkflows } from '../workflows/run-workflows.js';
import type { TestApi } from './start-test-api.js';

const MANIFEST = 'services:\n  web:\n    image: busybox\n';
/** What a build has made. */
export const IMAGES = {
  web: { digest: `sha256:${'a'.repeat(64)}`, mediaType: 'm', size: 2, platforms: ['linux/amd64'] },
};

let commits = 0;
/** The id of a commit that nobody has made. */
export const nextCommit = () => (++commits).toString(16).padStart(40, '0');

/** A repository of its own with the apps and workflows of a test, and its hook. */
export async function watchRepository(api: TestApi, app: string, form: Readonly<Record<string, string>> = {}) {
  const { store, parts } = api;
  const { signal } = new AbortController();
  const repository = `https://git.example.org/team/${app}.git`;
  if ((await store.apps.find(app)) === undefined) await store.apps.create({ name: app, generation: '3' });
  const created = await api.call('POST', '/workflows', {
    form: { app, name: 'main', repository, forge: 'generic', ...form },
  });
  const workflow = JSON.parse(created.text) as WireWorkflow;
  const open = async (more: Readonly<Record<string, string>> = {}) =>
    JSON.parse(
      (await api.call('POST', `/workflows/${workflow.id}/webhook`, { form: more })).text,
    ) as WireWorkflowWebhook;
  const { path, secret } = await open();
  const send = (event: object, options: { secret?: string; id?: string; body?: string } = {}) => {
    const body = options.body ?? JSON.stringify({ repository, ...event });
    const signature = signBody(body, { secret: options.secret ?? secret, time: new Date() });
    const headers = { 'Convox-Signature': signature, 'Convox-Delivery': options.id ?? randomUUID() };
    return api.call('POST', path, { body, headers, authorization: '' });
  };
  const push = async (event: object = {}, options: { id?: string; secret?: string } = {}) => {
    const commit = nextCommit();
    const answer = await send({ ref: 'refs/heads/main', commit, message: 'Change it\n\nMore.', ...event }, options);
    return { commit, answer };
  };
  const list = async <Entry>(what: string) =>
    JSON.parse((await api.call('GET', `/${what}?workflow=${workflow.id}&limit=100`)).text) as Entry[];
  const jobs = () => list<WireWorkflowJob>('workflow-jobs');
  const deliveries = () => list<WireWorkflowDelivery>('workflow-deliveries');
  return {
    workflow,
    repository,
    path,
    secret,
    open,
    send,
    push,
    jobs,
    deliveries,
    run: () => runWorkflows(parts, signal),
  };
}

/** Does what a worker does with a build that is queued. */
export async function endBuild({ store }: TestApi, id: string, { fails = false } = {}) {
  const claim = { buildId: id, attempt: 1, worker: 'w1' };
  await store.attempts.claim(claim, { leaseMs: 60_000 });
  await store.attempts.saveManifest(claim, MANIFEST);
  if (!fails) return (await store.attempts.complete(claim, { images: IMAGES, entrypoint: '' }))?.id ?? '';
  await store.attempts.fail(claim, { failureClass: 'user', reason: 'no such file' });
  return '';
}

/** A build of a job. */
export const buildOf = (job: WireWorkflowJob | undefined, index = 0) => job?.builds[index]?.build ?? '';
