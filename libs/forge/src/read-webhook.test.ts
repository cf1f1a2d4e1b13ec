import { processorMsSince } from '@convox-builds/testing';
import test from 'ava';
import fc from 'fast-check';

import { FORGE_KINDS, type ForgeEvent, type ForgeKind } from './forge-event.js';
import { readWebhook } from './read-webhook.js';
import * as payloads from './testing/index.js';
import { WebhookError } from './webhook-error.js';

const ZERO = '0'.repeat(40);
const ID = 'a'.repeat(40);
/** Of GitLab's push. */
const ID_BEFORE = '95790bf891e76fee5e1747ab589903a6a1f80f22';

function read(kind: ForgeKind, event: string, json: unknown): ForgeEvent {
  const webhook = payloads.signWebhook({ kind, event, json, secret: 'secret', deliveryId: 'id-1' });
  const { deliveryId, event: said } = readWebhook(kind, webhook);
  if (deliveryId !== 'id-1') throw new Error(`its id is ${deliveryId}`);
  return said;
}

const { githubPush, githubPullRequest, giteaPush, giteaPullRequest } = payloads;
const { gitlabPush, gitlabMergeRequest, bitbucketPush, bitbucketPullRequest } = payloads;

test('readWebhook() reads a push of GitHub', (t) => {
  t.deepEqual(read('github', 'push', githubPush()), {
    kind: 'push',
    repository: {
      fullName: 'acme/shop',
      cloneUrls: ['https://github.com/acme/shop.git', 'git@github.com:acme/shop.git'],
      defaultBranch: 'main',
    },
    ref: { type: 'branch', name: 'main' },
    before: 'c0ffee4f27ae82c7b1a177c8d03f9e96e0adf246',
    head: {
      id: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      message: 'Fix the till\n\nIt rang twice.',
      author: 'Ada',
    },
    sender: 'ada',
    changedPaths: ['src/bell.ts', 'src/till.ts', 'README.md'],
  });
});

test('readWebhook() reads new, deleted and forced refs and annotated tags of GitHub', (t) => {
  const fresh = read('github', 'push', githubPush({ before: ZERO, created: true, ref: 'refs/heads/feature/x' }));
  t.like(fresh, { ref: { type: 'branch', name: 'feature/x' }, before: undefined, changedPaths: undefined });
  const gone = githubPush({ after: ZERO, deleted: true, head_commit: null, commits: [] });
  t.like(read('github', 'push', gone), { head: undefined, changedPaths: undefined });
  t.like(read('github', 'push', githubPush({ forced: true })), { changedPaths: undefined });
  const tag = githubPush({ ref: 'refs/tags/v1.2', before: ZERO, after: ID, commits: [] });
  t.like(read('github', 'push', tag), {
    ref: { type: 'tag', name: 'v1.2' },
    head: { id: '6113728f27ae82c7b1a177c8d03f9e96e0adf246', author: 'Ada' },
  });
  t.like(read('github', 'push', githubPush({ ref: 'refs/notes/x' })), { kind: 'ignored' });
});

test('readWebhook() reads new, deleted and forced refs and annotated tags of GitLab', (t) => {
  const push = (changes: Readonly<Record<string, unknown>>) => read('gitlab', 'Push Hook', gitlabPush(changes));
  const fresh = push({ before: ZERO, ref: 'refs/heads/feature/x' });
  t.like(fresh, { ref: { type: 'branch', name: 'feature/x' }, before: undefined, changedPaths: undefined });
  t.like(push({ before: ZERO, commits: [], total_commits_count: 0 }), {
    head: { message: '' },
    changedPaths: undefined,
  });
  const nothing = { after: ZERO, checkout_sha: null, commits: [], total_commits_count: 0 };
  t.like(push(nothing), { ref: { name: 'main' }, before: ID_BEFORE, head: undefined, changedPaths: undefined });
  const back = push({ after: ID, checkout_sha: ID, commits: [], total_commits_count: 0 });
  t.like(back, { head: { id: ID, message: '' }, changedPaths: undefined });
  const tag = { object_kind: 'tag_push', ref: 'refs/tags/v1' };
  t.like(read('gitlab', 'Tag Push Hook', gitlabPush({ ...tag, ...nothing })), {
    ...{ ref: { type: 'tag', name: 'v1' }, head: undefined },
  });
});

test('readWebhook() reads new, deleted and forced refs of Gitea', (t) => {
  const push = (changes: Readonly<Record<string, unknown>>) => read('gitea', 'push', giteaPush(changes));
  t.like(push({ before: ZERO, ref: 'refs/heads/feature/x', commits: [], total_commits: 0 }), {
    ...{ ref: { type: 'branch', name: 'feature/x' }, before: undefined, changedPaths: undefined },
    head: { id: '4522cbcefc20728a5b72b3a86af35e608622c514', message: 'Fix the till\n' },
  });
  const nothing = { commits: null, total_commits: 0, head_commit: null };
  t.like(push({ ...nothing, after: ZERO }), { ref: { name: 'main' }, head: undefined, changedPaths: undefined });
  t.like(push({ commits: [], total_commits: 0 }), { changedPaths: undefined });
  t.like(push({ ...nothing, after: ID }), { head: { id: ID, message: '' }, changedPaths: undefined });
  t.like(push({ ...nothing, before: ZERO, after: ID, ref: 'refs/tags/v1' }), {
    ...{ ref: { type: 'tag', name: 'v1' }, head: { id: ID }, before: undefined },
  });
  const deleted = { ref: 'feature/x', ref_type: 'branch', pusher_type: 'user', repository: giteaPush()['repository'] };
  t.deepEqual(read('gitea', 'delete', deleted), {
    kind: 'ignored',
    reason: 'nothing is built of what was deleted',
  });
});

test('readWebhook() reads deleted refs of Bitbucket', (t) => {
  const [change] = (bitbucketPush() as { push: { changes: object[] } }).push.changes;
  const gone = bitbucketPush([{ ...change, closed: true, new: null, commits: [] }]);
  t.like(read('bitbucket', 'repo:push', gone), { ref: { type: 'branch', name: 'main' }, head: undefined });
});

test('readWebhook() does not claim to know all changed paths where a webhook is cut off', (t) => {
  const { commits } = githubPush() as { commits: object[] };
  const many = Array.from({ length: 2048 }, () => commits[0]);
  t.like(read('github', 'push', githubPush({ commits: many })), { changedPaths: undefined });
  const wide = [{ ...commits[0], added: Array.from({ length: 3000 }, (_, index) => `f${index}`) }];
  t.like(read('github', 'push', githubPush({ commits: wide })), { changedPaths: undefined });
  t.like(read('gitlab', 'Push Hook', gitlabPush({ total_commits_count: 21 })), { changedPaths: undefined });
  t.like(read('gitea', 'push', giteaPush({ total_commits: 6 })), { changedPaths: undefined });
  t.like(read('gitea', 'push', giteaPush({ total_commits: undefined })), { changedPaths: undefined });
  t.deepEqual(read('gitea', 'push', giteaPush()), {
    ...read('gitea', 'push', giteaPush()),
    changedPaths: ['src/till.ts'],
  });
});

test('readWebhook() reads pull requests of GitHub', (t) => {
  t.deepEqual(read('github', 'pull_request', githubPullRequest('opened')), {
    kind: 'pull-request',
    action: 'opened',
    repository: {
      fullName: 'acme/shop',
      cloneUrls: ['https://github.com/acme/shop.git', 'git@github.com:acme/shop.git'],
      defaultBranch: 'main',
    },
    number: 7,
    title: 'Ring once',
    url: 'https://github.com/acme/shop/pull/7',
    sourceBranch: 'ring-once',
    targetBranch: 'main',
    head: { id: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821', message: '', author: '' },
    changedAt: '2026-05-15T15:20:42.000Z',
    isFromFork: false,
    sender: 'ada',
  });
  const actionOf = (action: string) => read('github', 'pull_request', githubPullRequest(action));
  t.like(actionOf('reopened'), { action: 'opened' });
  t.like(actionOf('synchronize'), { action: 'updated' });
  t.like(actionOf('closed'), { action: 'closed' });
  for (const other of ['labeled', 'edited', 'constructor', '__proto__']) t.like(actionOf(other), { kind: 'ignored' });
});

test('readWebhook() knows the pull request of a fork, also of one that was deleted', (t) => {
  const fork = { full_name: 'eve/shop', clone_url: 'https://github.com/eve/shop.git' };
  t.like(read('github', 'pull_request', githubPullRequest('opened', { repo: fork })), { isFromFork: true });
  t.like(read('github', 'pull_request', githubPullRequest('opened', { repo: null })), { isFromFork: true });
  t.like(read('gitea', 'pull_request', giteaPullRequest('opened', { repo: fork })), { isFromFork: true });
  const merge = gitlabMergeRequest({ action: 'open', source_project_id: 16 });
  t.like(read('gitlab', 'Merge Request Hook', merge), { isFromFork: true });
  const pull = bitbucketPullRequest({ repository: { full_name: 'eve/shop' } });
  t.like(read('bitbucket', 'pullrequest:created', pull), { isFromFork: true });
  t.like(read('bitbucket', 'pullrequest:created', bitbucketPullRequest({ repository: null })), { isFromFork: true });
});

test('readWebhook() reads pushes and merge requests of GitLab', (t) => {
  t.like(read('gitlab', 'Push Hook', gitlabPush()), {
    repository: {
      fullName: 'acme/tools/shop',
      cloneUrls: ['https://gitlab.example.com/acme/tools/shop.git', 'git@gitlab.example.com:acme/tools/shop.git'],
      defaultBranch: 'main',
    },
    ref: { type: 'branch', name: 'main' },
    head: { message: 'Fix the till\n\nIt rang twice.\n', author: 'Ada' },
    sender: 'ada',
    changedPaths: ['CHANGELOG', 'src/till.ts'],
  });
  const tag = gitlabPush({ object_kind: 'tag_push', ref: 'refs/tags/v1', before: ZERO, after: ID });
  t.like(read('gitlab', 'Tag Push Hook', tag), {
    ref: { type: 'tag', name: 'v1' },
    head: { id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7' },
  });
  const merge = (changes: Readonly<Record<string, unknown>>) =>
    read('gitlab', 'Merge Request Hook', gitlabMergeRequest(changes));
  t.like(merge({ action: 'open' }), {
    action: 'opened',
    number: 7,
    head: { id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7', author: 'Ada' },
    changedAt: '2026-05-15T15:20:42.000Z',
    isFromFork: false,
    sender: 'ada',
  });
  t.like(merge({ action: 'update', oldrev: ID }), { action: 'updated' });
  t.like(merge({ action: 'update' }), { kind: 'ignored' });
  t.like(merge({ action: 'merge' }), { action: 'closed' });
  t.like(merge({ action: 'approved' }), { kind: 'ignored' });
});

test('readWebhook() reads pushes of several refs and pull requests of Bitbucket', (t) => {
  const json = bitbucketPush();
  const webhook = payloads.signWebhook({ kind: 'bitbucket', event: 'repo:push', json, secret: 's', deliveryId: 'x' });
  const { event, more } = readWebhook('bitbucket', webhook);
  t.like(event, {
    repository: {
      fullName: 'acme/shop',
      cloneUrls: ['https://bitbucket.org/acme/shop.git', 'git@bitbucket.org:acme/shop.git'],
    },
    ref: { type: 'branch', name: 'main' },
    before: '1e65c05c1d5171631d92438a13901ca7dae9618c',
    head: { id: '709d658dc5b6d6afcd46049c2f332ee3f515a67d', message: 'Fix the till\n', author: 'Ada' },
    sender: 'ada',
    changedPaths: undefined,
  });
  t.is(more.length, 1);
  t.like(more[0], { ref: { type: 'tag', name: 'v1.2' }, before: undefined });
  t.like(read('bitbucket', 'repo:push', bitbucketPush([])), { kind: 'ignored' });
  t.like(read('bitbucket', 'pullrequest:updated', bitbucketPullRequest()), {
    action: 'updated',
    head: { id: '507a576e59b3' },
    changedAt: '2026-05-15T15:20:42.000Z',
    isFromFork: false,
  });
  t.like(read('bitbucket', 'pullrequest:fulfilled', bitbucketPullRequest({ commit: null })), {
    action: 'closed',
    head: { id: '' },
  });
  t.like(read('bitbucket', 'pullrequest:updated', bitbucketPullRequest({ commit: null })), { kind: 'ignored' });
});

test('readWebhook() reads pushes and pull requests of Gitea', (t) => {
  t.like(read('gitea', 'push', giteaPush()), {
    repository: { fullName: 'acme/shop' },
    head: { id: '4522cbcefc20728a5b72b3a86af35e608622c514', message: 'Fix the till\n', author: 'Ada' },
    changedPaths: ['src/till.ts'],
  });
  t.like(read('gitea', 'pull_request', giteaPullRequest('synchronized')), {
    ...{ action: 'updated', number: 7, changedAt: '2026-05-15T15:20:42.000Z' },
  });
});

test('readWebhook() reads our own words', (t) => {
  const json = { repository: 'ssh://git@git.example.com:2222/acme/shop.git', ref: 'refs/tags/v1', commit: ID };
  t.deepEqual(read('generic', '', { ...json, message: 'Hello', 'changed-paths': ['a'] }), {
    kind: 'push',
    repository: { fullName: 'acme/shop', cloneUrls: [json.repository], defaultBranch: '' },
    ref: { type: 'tag', name: 'v1' },
    before: undefined,
    head: { id: ID, message: 'Hello', author: '' },
    sender: '',
    changedPaths: ['a'],
  });
  t.like(read('generic', '', { ...json, commit: null }), { head: undefined });
});

test('readWebhook() ignores pings and what nobody builds, and says why', (t) => {
  t.deepEqual(read('github', 'ping', { zen: 'Design for failure.', hook_id: 1 }), {
    kind: 'ignored',
    reason: 'a ping: the webhook works',
  });
  t.like(read('github', 'create', {}), { kind: 'ignored' });
  t.like(read('gitlab', 'Pipeline Hook', {}), { kind: 'ignored' });
  t.like(read('bitbucket', 'toString', {}), { kind: 'ignored' });
  t.like(read('gitea', 'delete', {}), { kind: 'ignored' });
});

test('readWebhook() reads JSON in a form as it reads JSON', (t) => {
  const json = githubPush();
  const form = payloads.signWebhook({
    kind: 'github',
    event: 'push',
    json,
    secret: 's',
    deliveryId: 'x',
    asForm: true,
  });
  t.deepEqual(readWebhook('github', form).event, read('github', 'push', json));
});

test('readWebhook() makes an id of the body where the forge gives none', (t) => {
  const headers = { 'x-gitlab-event': 'Push Hook' };
  const body = Buffer.from(JSON.stringify(gitlabPush()));
  t.regex(readWebhook('gitlab', { headers, body }).deliveryId, /^sha256:[0-9a-f]{64}$/);
});

test('readWebhook() says what is wrong', (t) => {
  const cases: [string, ForgeKind, Record<string, string>, string][] = [
    ['its body is no JSON', 'github', { 'x-github-event': 'push' }, '{"ref":'],
    ['its header x-github-event is missing', 'github', {}, '{}'],
    ['its header x-github-delivery is no id', 'github', { 'x-github-delivery': 'a b' }, '{}'],
    ['ref: Invalid input: expected string, received undefined', 'github', { 'x-github-event': 'push' }, '{}'],
    ['its body: Invalid input: expected object, received null', 'github', { 'x-github-event': 'push' }, 'null'],
    [
      'repository: is no address of a git repository without a login in it',
      'generic',
      {},
      `{"repository":"https://me:t0ken@example.com/a/b.git","ref":"refs/heads/x","commit":"${ID}"}`,
    ],
    [
      'ref: is no name of a branch or a tag',
      'generic',
      {},
      `{"repository":"https://example.com/a/b.git","ref":"refs/heads/a..b","commit":"${ID}"}`,
    ],
  ];
  for (const [why, kind, headers, text] of cases) {
    const error = t.throws(() => readWebhook(kind, { headers, body: Buffer.from(text) }), {
      instanceOf: WebhookError,
    });
    t.is(error.message, `Cannot read webhook: ${why}`);
  }
});

const EVENTS: Readonly<Record<ForgeKind, readonly string[]>> = {
  github: ['push', 'pull_request', 'ping', 'constructor'],
  gitlab: ['Push Hook', 'Tag Push Hook', 'Merge Request Hook'],
  bitbucket: ['repo:push', 'pullrequest:created', 'pullrequest:rejected'],
  gitea: ['push', 'pull_request', 'delete'],
  generic: [''],
};
const REAL = [githubPush(), githubPullRequest('opened'), gitlabPush(), gitlabMergeRequest({ action: 'open' })].concat([
  bitbucketPush(),
  bitbucketPullRequest(),
  giteaPush(),
  giteaPullRequest('opened'),
]);

function assertReadsOrRefuses(kind: ForgeKind, event: string, body: Buffer): void {
  const names = ['x-github-event', 'x-gitlab-event', 'x-event-key', 'x-gitea-event'];
  const headers = Object.fromEntries(names.map((name) => [name, event]));
  try {
    readWebhook(kind, { headers, body });
  } catch (error) {
    if (!(error instanceof WebhookError) || /[\p{Cc}]/u.test(error.message)) throw error;
  }
}

const asked = fc
  .constantFrom(...FORGE_KINDS)
  .chain((kind) => fc.tuple(fc.constant(kind), fc.constantFrom(...EVENTS[kind])));

test('readWebhook() throws nothing but its one error, whatever the body is', (t) => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
  );
  fc.assert(fc.property(asked, body, ([kind, event], bytes) => assertReadsOrRefuses(kind, event, bytes)));
  t.pass();
});

/** Puts a value at a random place of a payload. */
function spoil(json: unknown, path: readonly number[], value: unknown): unknown {
  if (typeof json !== 'object' || json === null || path.length === 0) return value;
  const keys = Object.keys(json);
  const key = keys[(path[0] ?? 0) % keys.length];
  if (key === undefined) return value;
  const copy: Record<string, unknown> = Array.isArray(json) ? ([...json] as never) : { ...json };
  copy[key] = spoil(copy[key], path.slice(1), value);
  return copy;
}

test('readWebhook() throws nothing but its one error when a real payload has anything in any place', (t) => {
  const path = fc.array(fc.nat(30), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(asked, fc.constantFrom(...REAL), path, fc.jsonValue(), ([kind, event], real, at, value) => {
      assertReadsOrRefuses(kind, event, Buffer.from(JSON.stringify(spoil(real, at, value)) ?? ''));
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('readWebhook() is quick with a megabyte', (t) => {
  const { commits } = githubPush() as { commits: object[] };
  const json = githubPush({ commits: Array.from({ length: 2000 }, () => commits[0]) });
  const bodies = [JSON.stringify(json), `[${'['.repeat(500_000)}${']'.repeat(500_000)}]`, `"${'a'.repeat(1_000_000)}"`];
  for (const text of bodies) {
    const started = process.cpuUsage();
    assertReadsOrRefuses('github', 'push', Buffer.from(text));
    t.true(processorMsSince(started) < 1000, text.slice(0, 20));
  }
});
