import type { WireForge } from '@convox-builds/api-contract';
import { CONNECTED_FORGE_KINDS, type ConnectedForgeKind } from '@convox-builds/forge';
import { waitUntil } from '@convox-builds/testing';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';

import { claimTestBuild, createTestBuild } from '../testing/claim-build.js';
import { roleToken } from '../testing/role-token.js';
import { basic, startTestApi, type TestApi } from '../testing/start-test-api.js';
import { type Fault, startTestForge, type TestForge } from '../testing/start-test-forge.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const COMMIT = 'c'.repeat(40);
const NEXT_COMMIT = 'd'.repeat(40);
const TOKEN = 'canary-t0ken-5f1d';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGES = { web: { digest: DIGEST, mediaType: 'm', size: 2, platforms: [] } };

test.before(async (t) => {
  const variables = {
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    WEBHOOK_TIMEOUT_SECONDS: '1',
    PUBLIC_URL: 'https://rack.example.com/',
  };
  t.context.api = await startTestApi({ variables });
});
test.after.always((t) => t.context.api?.stop());

interface Setting {
  readonly kind: ConnectedForgeKind;
  readonly fault?: Fault;
  readonly token?: string;
}

async function connect(
  t: ExecutionContext<{ api: TestApi }>,
  { kind, fault, token = TOKEN }: Setting,
): Promise<TestForge> {
  const commits = [COMMIT, NEXT_COMMIT];
  const forge = await startTestForge({ kind, token: TOKEN, commits, ...(fault === undefined ? {} : { fault }) });
  t.teardown(() => forge.stop());
  const form = { kind, host: forge.host, 'api-url': forge.apiUrl, token };
  const { status, text } = await t.context.api.call('POST', '/forges', { form });
  t.is(status, 200, text);
  return forge;
}

interface Origin {
  readonly kind: ConnectedForgeKind;
  readonly host: string;
  readonly commit?: string;
  readonly pullRequest?: number;
}

async function recordOrigin({ store }: TestApi, buildId: string, origin: Origin): Promise<void> {
  const { kind, host, commit = COMMIT, pullRequest = null } = origin;
  const place = { kind, host, repository: 'acme/shop', commit, pullRequest, workflowId: null };
  await store.buildOrigins.record({ buildId, ...place });
}

/** A build that runs, of a commit of a forge's repository. */
async function startBuild(api: TestApi, { app, ...origin }: Origin & { app: string }) {
  const claim = await claimTestBuild(api.store, app);
  await recordOrigin(api, claim.buildId, origin);
  return claim;
}

const isTold = ({ store }: TestApi, buildId: string, state = 'told') =>
  waitUntil(async () => (await store.feedback.list(buildId)).every((one) => one.state === state), {
    what: `the forge was ${state}`,
  });

const STATES: Readonly<Record<ConnectedForgeKind, readonly string[]>> = {
  github: ['pending', 'success', 'failure', 'error'],
  gitlab: ['running', 'success', 'failed', 'canceled'],
  bitbucket: ['INPROGRESS', 'SUCCESSFUL', 'FAILED', 'STOPPED'],
  gitea: ['pending', 'success', 'failure', 'error'],
};

for (const kind of CONNECTED_FORGE_KINDS) {
  test(`feedback: ${kind} is told how builds stand, and has one comment for a pull request`, async (t) => {
    const { api } = t.context;
    const forge = await connect(t, { kind });
    const [running, success, failure, cancelled] = STATES[kind];
    const app = `${kind}-shop`;
    const first = await startBuild(api, { kind, app, host: forge.host, pullRequest: 7 });
    await isTold(api, first.buildId);
    const context = `test/${app}`;
    t.like(forge.statuses.at(-1), {
      context,
      state: running,
      description: `Building ${first.buildId}`,
      commit: COMMIT,
    });
    t.is(forge.statuses.at(-1)?.url, `https://rack.example.com/apps/${app}/builds/${first.buildId}/logs`);
    t.is(forge.comments.length, 1);
    t.regex(forge.comments[0]?.text ?? '', /⏳ builds/);

    await api.store.attempts.saveManifest(first, 'services:\n  web:\n    image: busybox\n');
    const release = await api.store.attempts.complete(first, { images: IMAGES, entrypoint: '' });
    await isTold(api, first.buildId);
    t.like(forge.statuses.at(-1), { context, state: success });
    t.regex(forge.statuses.at(-1)?.description ?? '', new RegExp(`^Built ${first.buildId} in \\d+\\.\\ds$`));
    const { text = '' } = forge.comments[0] ?? {};
    t.true(text.includes(`✅ built`) && text.includes(release?.id ?? '?') && text.includes(`\`${DIGEST}\``), text);

    const promotion = { app, releaseId: release?.id ?? '', actor: 'ada', isForced: false, isDone: false };
    await api.store.promotions.create(promotion);
    await isTold(api, first.buildId);
    t.like(forge.statuses.at(-1), { commit: COMMIT, description: `${release?.id} waits to be promoted` });
    await api.store.promotions.cancel(app, { actor: 'bob' });
    await api.store.promotions.create({ ...promotion, isDone: true });
    await isTold(api, first.buildId);
    t.like(forge.statuses.at(-1), {
      context: `${context}/promotion`,
      state: success,
      description: `Promoted ${release?.id}`,
    });
    t.true(forge.comments[0]?.text.includes(`| Promotion | \`Promoted ${release?.id}\` |`));

    const second = await startBuild(api, { kind, app, host: forge.host, pullRequest: 7, commit: NEXT_COMMIT });
    const reason = 'Dockerfile:4: RUN `npm ci` | exit code 1';
    await api.store.attempts.fail(second, { failureClass: 'user', reason });
    await isTold(api, second.buildId);
    t.like(forge.statuses.at(-1), { commit: NEXT_COMMIT, state: failure, description: reason });
    t.is(forge.comments.length, 1);
    const changed = forge.comments[0]?.text ?? '';
    t.true(changed.includes("| Reason | `Dockerfile:4: RUN 'npm ci' ' exit code 1` |"), changed);
    t.regex(changed, /\| Took \| .*median of \d+\.\ds/);

    const third = await createTestBuild(api.store, `${kind}-other`);
    await recordOrigin(api, third.id, { kind, host: forge.host });
    await api.store.builds.cancel(`${kind}-other`, third.id, { actor: 'ada' });
    await isTold(api, third.id);
    t.like(forge.statuses.at(-1), { context: `test/${kind}-other`, state: cancelled });
  });
}

test('feedback: 500, a cut connection and silence are tried again, and the build ends as it would', async (t) => {
  const { api } = t.context;
  const faults: Fault[] = [
    (_call, response) => {
      response.writeHead(500).end('oops');
      return 'answered';
    },
    (_call, response) => {
      response.socket?.resetAndDestroy();
      return 'answered';
    },
    () => 'answered',
  ];
  for (const [index, fault] of faults.entries()) {
    let askedAt = 0;
    const noted: Fault = (...call) => {
      askedAt = Date.now();
      return fault(...call);
    };
    const forge = await connect(t, { kind: 'github', fault: noted });
    const claim = await startBuild(api, { kind: 'github', app: `broken${index}`, host: forge.host });
    await waitUntil(async () => (await api.store.feedback.list(claim.buildId))[0]?.reason !== '');
    const [record] = await api.store.feedback.list(claim.buildId);
    t.like(record, { state: 'pending', tries: 1 });
    t.regex(
      record?.reason ?? '',
      [/^status 500: oops$/, /socket hang up|ECONNRESET/, /^no answer within 1 seconds$/][index] ?? /$^/,
    );
    const nextAt = record?.notBefore.getTime() ?? 0;
    t.true(nextAt - askedAt > 5000, `${nextAt - askedAt} ms from one try to the next`);
    t.true(nextAt - Date.now() < 15_000, `${nextAt - Date.now()} ms are left`);
    t.truthy(await api.store.attempts.complete(claim, { images: IMAGES, entrypoint: '' }));
  }
});

test('feedback: a forge that has a limit is left alone as long as it says, and then told', async (t) => {
  const { api } = t.context;
  const inThreeSeconds = () => String(Math.ceil(Date.now() / 1000) + 3);
  const limits: [number, () => Record<string, string>][] = [
    [429, () => ({ 'retry-after': '2' })],
    [403, () => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inThreeSeconds() })],
  ];
  for (const [status, headers] of limits) {
    let isLimited = true;
    const fault: Fault = (_call, response) => {
      if (!isLimited) return undefined;
      isLimited = false;
      response.writeHead(status, headers()).end('{"message":"API rate limit exceeded"}');
      return 'answered';
    };
    const forge = await connect(t, { kind: 'github', fault });
    const startedAt = Date.now();
    const claim = await startBuild(api, { kind: 'github', app: `limited${status}`, host: forge.host, pullRequest: 7 });
    await isTold(api, claim.buildId);
    t.true(Date.now() - startedAt > 1500, `it waited ${Date.now() - startedAt} ms`);
    t.is(forge.statuses.length, 1);
    t.is(forge.comments.length, 1);
  }
});

test('feedback: finds its comment behind a hundred others, and writes it anew when somebody has deleted it', async (t) => {
  const { api } = t.context;
  const forge = await connect(t, { kind: 'github' });
  for (let id = 1; id <= 150; id++) forge.comments.push({ id, text: 'I agree' });
  const claim = await startBuild(api, { kind: 'github', app: 'busy', host: forge.host, pullRequest: 7 });
  await isTold(api, claim.buildId);
  t.is(forge.comments.length, 151);
  await api.store.attempts.fail(claim, { failureClass: 'platform', reason: 'the daemon died' });
  await isTold(api, claim.buildId);
  t.is(forge.comments.length, 151);
  t.regex(forge.comments[150]?.text ?? '', /❌ failed[^]*the daemon died/);
  forge.comments.pop();
  const next = await startBuild(api, { kind: 'github', app: 'busy', host: forge.host, pullRequest: 7 });
  await isTold(api, next.buildId);
  t.is(forge.comments.length, 151);
});

test('feedback: a name that leads out of the repository, or inward, is refused', async (t) => {
  const { api } = t.context;
  const forge = await connect(t, { kind: 'github' });
  const { buildId } = await claimTestBuild(api.store, 'hostile');
  const place = { kind: 'github', host: forge.host, commit: COMMIT, pullRequest: 7, workflowId: null } as const;
  await api.store.buildOrigins.record({ buildId, ...place, repository: '../../user' });
  await isTold(api, buildId, 'failed');
  t.deepEqual(forge.seen, []);
  const strict = await startTestApi();
  t.teardown(() => strict.stop());
  const url = forge.apiUrl.replace('127.0.0.1', 'localhost');
  const form = { kind: 'github', host: forge.host, 'api-url': url, token: TOKEN };
  t.is((await strict.call('POST', '/forges', { form })).status, 200);
  const claim = await startBuild(strict, { kind: 'github', app: 'inward', host: forge.host });
  await isTold(strict, claim.buildId, 'failed');
  const [record] = await strict.store.feedback.list(claim.buildId);
  t.regex(record?.reason ?? '', /^host localhost has the address (127\.0\.0\.1|::1), which is inside/);
  t.deepEqual(forge.seen, []);
});

test('feedback: what the forge refuses is not tried again, and says why without the token', async (t) => {
  const { api } = t.context;
  const fault: Fault = (call, response) => {
    const said = JSON.stringify({ message: `bad token ${call.header('authorization')}` });
    response.writeHead(401).end(said);
    return 'answered';
  };
  const echoing = await connect(t, { kind: 'github', fault });
  const claim = await startBuild(api, { kind: 'github', app: 'refused', host: echoing.host });
  await isTold(api, claim.buildId, 'failed');
  t.like(await api.store.feedback.list(claim.buildId), [{ reason: 'status 401: bad token Bearer ****', tries: 1 }]);
  const strict = await connect(t, { kind: 'gitlab', token: 'wrong' });
  const other = await startBuild(api, { kind: 'gitlab', app: 'wrong', host: strict.host });
  await isTold(api, other.buildId, 'failed');
  t.like(await api.store.feedback.list(other.buildId), [{ reason: 'status 401: 401 Unauthorized' }]);
  const listed = JSON.parse((await api.call('GET', '/forges')).text) as WireForge[];
  t.is(listed.find(({ host }) => host === strict.host)?.problem, 'status 401: 401 Unauthorized');
});

test('feedback: promise 7: the token is in no list, no error and no row', async (t) => {
  const { api } = t.context;
  const forge = await connect(t, { kind: 'gitea' });
  const list = await api.call('GET', '/forges');
  t.true(list.text.includes(forge.host));
  t.notRegex(list.text, /t0ken|sealed/);
  const rows = JSON.stringify([await api.store.forges.list(), await api.store.webhooks.list()]);
  t.false(rows.includes(TOKEN));
  const reader = basic('jwt', roleToken({ role: 'r' }));
  t.is((await api.call('POST', '/forges', { authorization: reader, form: {} })).status, 401);
  t.is((await api.call('GET', '/forges', { authorization: reader })).status, 200);
});

test('feedback: refuses what is no forge', async (t) => {
  const { api } = t.context;
  const add = async (form: Readonly<Record<string, string>>) => {
    const { status, text } = await api.call('POST', '/forges', { form });
    return `${status} ${text.trim()}`;
  };
  const good = { kind: 'github', host: 'github.com', token: 'x' };
  t.is(await add({ ...good, kind: 'sourceforge' }), '400 kind must be one of github, gitlab, bitbucket, gitea');
  t.is(await add({ ...good, host: 'a/b' }), '400 host must be a host such as github.com or git.example.org:8443');
  t.is(await add({ ...good, token: 'a b' }), '400 token must be one word of ASCII');
  t.regex(await add({ ...good, 'api-url': 'http://10.0.0.1/' }), /^400 api-url: address 10\.0\.0\.1 is inside/);
  t.regex(await add({ ...good, host: '10.0.0.1', kind: 'gitea' }), /^400 api-url: address 10\.0\.0\.1 is inside/);
  t.is((await api.call('DELETE', '/forges/nowhere.example.com')).text, 'forge not found: nowhere.example.com\n');
  t.regex(await add({ ...good, host: 'GitLab.com', kind: 'gitlab' }), /"api-url": "https:\/\/gitlab\.com\/api\/v4"/);
});
