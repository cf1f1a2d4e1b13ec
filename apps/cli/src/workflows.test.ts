import test, { type ExecutionContext } from 'ava';
import { runConvox } from './testing/run-convox.js';
import { type SeenRequest, startFakeRack } from './testing/start-fake-rack.js';

const WORKFLOW = {
  ...{ id: 'FA', app: 'shop', name: 'main', kind: 'deployment', forge: 'github', promote: 'automatic' },
  ...{ repository: 'https://github.com/team/shop.git', branches: ['main'], tags: [], paths: [], apps: ['shop'] },
  ...{ concurrency: 'queue', enabled: true },
};
const JOB = {
  ...{ id: 'JA', workflow: 'FA', subject: 'refs/heads/main', commit: 'a'.repeat(40), title: 'Change it' },
  ...{ state: 'failed', reason: 'no such file', builds: [{ app: 'shop', build: 'BA' }] },
};
const DELIVERY = {
  ...{ id: 'd1', what: 'push to branch main', state: 'ended' },
  outcomes: [
    { workflow: 'FA', job: 'JA', reason: '' },
    { workflow: 'FB', job: '', reason: 'none of its paths was changed' },
  ],
};

function answer({ method, path, form }: SeenRequest): { status: number; body: string } | undefined {
  const secret = form['rotate'] === 'true' ? 'whsec_1' : '';
  const routes: Record<string, unknown> = {
    'GET /workflows': [WORKFLOW],
    'POST /workflows': WORKFLOW,
    'GET /workflows/FA': WORKFLOW,
    'PUT /workflows/FA': WORKFLOW,
    'DELETE /workflows/FA': 'ok',
    'POST /workflows/FA/run': JOB,
    'POST /workflows/FA/webhook': { id: 'HA', forge: 'github', path: '/hooks/HA', secret },
    'GET /workflow-jobs': [JOB],
    'POST /workflow-jobs/JA/cancel': 'ok',
    'GET /workflow-deliveries': [DELIVERY],
    'POST /workflow-deliveries/d1/redeliver': 'ok',
  };
  const found = routes[`${method} ${path}`];
  if (found !== undefined) return { status: 200, body: JSON.stringify(found) };
  return path.startsWith('/workflows/') ? { status: 404, body: 'workflow not found: FB\n' } : undefined;
}

async function start(t: ExecutionContext, intercept = answer) {
  const rack = await startFakeRack({ intercept });
  t.teardown(() => rack.close());
  return { rack, convox: (...args: readonly string[]) => runConvox(args, { env: { RACK_URL: rack.url } }) };
}

test('convox workflows: creates one, of what was given alone, and lists it', async (t) => {
  const { rack, convox } = await start(t);
  const { repository } = WORKFLOW;
  const created = await convox('workflows', 'create', repository, '-a', 'shop');
  t.regex(created.stdout + created.stderr, /Creating workflow\.\.\. OK, FA\n.*convox workflows webhook FA/);
  t.deepEqual(rack.seen.at(-1)?.form, { app: 'shop', name: 'main', repository });
  const more = ['--branch', 'main', '--branch', 'release/*', '--path', 'web/**', '--build-args', 'A=1,2'];
  await convox('workflows', 'create', repository, '-a', 'shop', ...more, '--promote', 'manual');
  t.deepEqual(rack.seen.at(-1)?.form, {
    ...{ app: 'shop', name: 'main', repository, branches: 'main\nrelease/*', paths: 'web/**' },
    ...{ 'build-args-json': '["A=1,2"]', promote: 'manual' },
  });
  const reviews = ['--kind', 'review', '--review-apps', 'true', '--before', 'web bin/migrate'];
  await convox('workflows', 'create', repository, '-a', 'shop', ...reviews);
  t.deepEqual(rack.seen.at(-1)?.form, {
    ...{ app: 'shop', name: 'main', repository, kind: 'review', 'review-apps': 'true', before: 'web bin/migrate' },
  });
  t.is(
    (await convox('workflows')).stdout,
    'ID  APP   NAME  KIND        REFS  PROMOTE    STATE    REPOSITORY\n' +
      'FA  shop  main  deployment  main  automatic  enabled  https://github.com/team/shop.git\n',
  );
  t.regex((await convox('workflows', 'info', 'FA')).stdout, /Branches +main\n/);
});

test('convox workflows: changes, enables, disables, runs and deletes one', async (t) => {
  const { rack, convox } = await start(t);
  await convox('workflows', 'update', 'FA', '--tag', 'v*');
  t.deepEqual(rack.seen.at(-1)?.form, { tags: 'v*' });
  t.is((await convox('workflows', 'update', 'FA')).stderr, 'ERROR: nothing to change: give an option, see --help\n');
  await convox('workflows', 'disable', 'FA');
  t.deepEqual(rack.seen.at(-1)?.form, { enabled: 'false' });
  await convox('workflows', 'enable', 'FA');
  t.deepEqual(rack.seen.at(-1)?.form, { enabled: 'true' });
  t.is((await convox('workflows', 'run', 'FA', '--branch', 'dev')).stdout, 'Running workflow FA... OK, JA\n');
  t.deepEqual(rack.seen.at(-1)?.form, { branch: 'dev' });
  t.is((await convox('workflows', 'delete', 'FA')).stdout, 'Deleting workflow FA... OK\n');
});

test('convox workflows webhook: shows the URL, and a secret only when it was made', async (t) => {
  const { rack, convox } = await start(t);
  const base = rack.url.replace(/\/\/.*@/, '//');
  t.is(
    (await convox('workflows', 'webhook', 'FA')).stdout,
    `Forge   github\nURL     ${base}/hooks/HA\nSecret  shown before; --rotate makes a new one\n`,
  );
  t.regex((await convox('workflows', 'webhook', 'FA', '--rotate')).stdout, /Secret {2}whsec_1\n$/);
});

test('convox workflows: jobs and deliveries with what became of them', async (t) => {
  const { rack, convox } = await start(t);
  t.regex(
    (await convox('workflows', 'jobs', 'FA', '--limit', '3')).stdout,
    /\nJA {2}FA +main +aaaaaaaaaa +failed +BA +Change it: no such file\n$/,
  );
  t.deepEqual(rack.seen.at(-1)?.query, { workflow: 'FA', limit: '3' });
  t.is((await convox('workflows', 'cancel', 'JA')).stdout, 'Cancelling job JA... OK\n');
  t.regex(
    (await convox('workflows', 'deliveries')).stdout,
    /\nd1 {2}push to branch main +FA: started JA; FB: none of its paths was changed\n$/,
  );
  t.is((await convox('workflows', 'redeliver', 'd1')).stdout, 'Looking at d1 again... OK\n');
});

test('convox workflows: says what is missing, and when the rack has none at all', async (t) => {
  const { convox } = await start(t);
  t.is((await convox('workflows', 'info', 'FB')).stderr, 'ERROR: workflow not found: FB\n');
  const old = await start(t, () => undefined);
  t.deepEqual(await old.convox('workflows'), { code: 1, stdout: '', stderr: 'ERROR: this rack has no workflows\n' });
});
