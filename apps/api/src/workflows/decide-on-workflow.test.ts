import type { PullRequestEvent, PushEvent } from '@convox-builds/forge';
import type { WorkflowRecord } from '@convox-builds/store';
import test from 'ava';

import { decideOnWorkflow, requestRefsOf } from './decide-on-workflow.js';

const COMMIT = 'a'.repeat(40);
const WORKFLOW: WorkflowRecord = {
  ...{ id: 'FA', hookId: 'HA', app: 'shop', name: 'main', kind: 'deployment', url: 'https://git.example.org/a/b.git' },
  ...{ branches: ['main'], tags: [], paths: [], apps: ['shop'] },
  options: { manifest: '', buildArgs: {}, submodules: false },
  ...{
    promote: 'automatic',
    concurrency: 'queue',
    forks: false,
    reviewApps: false,
    enabled: true,
    createdAt: new Date(0),
  },
};
const repository = { fullName: 'a/b', cloneUrls: [], defaultBranch: 'main' };
const head = { id: COMMIT, message: 'Change it\n\nMore of it.', author: 'Ann' };
const PUSH: PushEvent = {
  ...{ kind: 'push', repository, ref: { type: 'branch', name: 'main' }, before: undefined, head, sender: 'ann' },
  changedPaths: undefined,
};
const REQUEST: PullRequestEvent = {
  ...{ kind: 'pull-request', action: 'opened', repository, number: 7, title: 'Change it', url: '', head },
  ...{ sourceBranch: 'feature', targetBranch: 'main', isFromFork: false, changedAt: '', sender: 'ann' },
};

const onPush = (workflow: Partial<WorkflowRecord>, event: Partial<PushEvent> = {}) =>
  decideOnWorkflow({ ...WORKFLOW, ...workflow }, { ...PUSH, ...event }, requestRefsOf('github'));
const onRequest = (workflow: Partial<WorkflowRecord>, event: Partial<PullRequestEvent> = {}, kind = 'github') =>
  decideOnWorkflow(
    { ...WORKFLOW, kind: 'review', promote: 'manual', ...workflow },
    { ...REQUEST, ...event },
    requestRefsOf(kind),
  );

test('decideOnWorkflow() plans a push of its branch', (t) => {
  t.like(onPush({}), {
    start: {
      ...{ subject: 'refs/heads/main', commit: COMMIT, title: 'Change it' },
      plan: {
        source: `https://git.example.org/a/b.git#${COMMIT}`,
        ...{ branch: 'main', description: 'aaaaaaaaaa Change it', promote: 'automatic', pullRequest: null },
      },
    },
  });
});

test('decideOnWorkflow() takes a tag for no branch, and no list of tags for all of them', (t) => {
  const tag = { ref: { type: 'tag', name: 'main' } } as const;
  t.deepEqual(onPush({}, tag), { ignore: 'tag main is not one of its own' });
  t.like(onPush({ branches: [], tags: ['*'] }, tag), { start: { subject: 'refs/tags/main', plan: { branch: '' } } });
  t.like(onPush({ branches: [], tags: ['*'] }), { ignore: 'branch main is not one of its own' });
});

test('decideOnWorkflow() builds when it is not known what has changed, or one of its paths has', (t) => {
  const paths = ['web/**'];
  t.true('start' in onPush({ paths }));
  t.true('start' in onPush({ paths }, { changedPaths: ['api/x', 'web/x'] }));
  t.deepEqual(onPush({ paths }, { changedPaths: ['api/x'] }), { ignore: 'none of its paths was changed' });
  t.deepEqual(onPush({ paths }, { changedPaths: [] }), { ignore: 'none of its paths was changed' });
});

test('decideOnWorkflow() leaves pushes to deployments and pull requests to reviews', (t) => {
  t.deepEqual(onPush({ kind: 'review' }), { ignore: 'it is of pull requests' });
  t.deepEqual(onRequest({ kind: 'deployment' }), { ignore: 'it is of pushes' });
  t.deepEqual(onRequest({ enabled: false }), { ignore: 'the workflow is disabled' });
});

test('decideOnWorkflow() builds a fork only where that is wanted, from where its forge keeps it, and under no branch', (t) => {
  const fork = { isFromFork: true };
  t.deepEqual(onRequest({}, fork), { ignore: 'pull requests from other repositories are not built' });
  for (const [kind, ref] of [
    ['github', 'refs/pull/7/head'],
    ['gitea', 'refs/pull/7/head'],
    ['gitlab', 'refs/merge-requests/7/head'],
  ])
    t.like(onRequest({ forks: true }, fork, kind), {
      start: { commit: COMMIT, plan: { source: `https://git.example.org/a/b.git#${ref}`, branch: '' } },
    });
  t.deepEqual(onRequest({ forks: true }, fork, 'bitbucket'), {
    ignore: 'this forge keeps no commits of other repositories',
  });
});

test('decideOnWorkflow() stops what runs for a pull request that was closed, whatever it was into', (t) => {
  t.deepEqual(onRequest({ branches: ['other'] }, { action: 'closed' }), {
    cancel: '#7',
    reason: 'pull request #7 was closed',
  });
});
