import anyTest, { type TestFn } from 'ava';

import { claimTestBuild } from '../testing/claim-build.js';
import { roleToken } from '../testing/role-token.js';
import { basic, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

async function completeBuild({ store }: TestApi, app: string): Promise<string> {
  const claim = await claimTestBuild(store, app);
  await store.attempts.saveManifest(claim, 'services:\n  web:\n    build: .\n');
  return (await store.attempts.complete(claim, { images: {}, entrypoint: '' }))?.id ?? '';
}

test('checklist 18: right after a promotion the app runs the release; after deletion it is not found', async (t) => {
  const { api } = t.context;
  const release = await completeBuild(api, 'promoted');
  t.is(
    (await api.call('POST', `/apps/promoted/releases/${release}/promote`, { form: { force: 'false' } })).text,
    'ok\n',
  );
  for (let poll = 0; poll < 2; poll++) {
    t.like(JSON.parse((await api.call('GET', '/apps/promoted?')).text), { status: 'running', release });
  }
  t.is((await api.call('GET', '/apps/promoted/processes?')).text, '[]\n');
  t.is((await api.call('DELETE', '/apps/promoted?')).text, 'ok\n');
  for (let poll = 0; poll < 2; poll++) {
    const { status, text } = await api.call('GET', '/apps/promoted?');
    t.deepEqual([status, text], [404, 'app not found: promoted\n']);
  }
});

test('checklist 20: a new environment leaves the build as it is, and promotes nothing', async (t) => {
  const { api } = t.context;
  const first = await completeBuild(api, 'env');
  await api.call('POST', `/apps/env/releases/${first}/promote`);
  const { text } = await api.call('POST', '/apps/env/releases', { form: { env: 'A=1\nB=a=b' } });
  const before = JSON.parse((await api.call('GET', `/apps/env/releases/${first}`)).text) as { build: string };
  t.like(JSON.parse(text), { build: before.build, env: 'A=1\nB=a=b', description: 'env add:A add:B' });
  t.like(JSON.parse((await api.call('GET', '/apps/env')).text), { release: first });
});

test('flaw 12: values of an environment are in no list, and not for who may only read', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'secrets' } });
  const { text } = await api.call('POST', '/apps/secrets/releases', { form: { env: 'TOKEN=hunter2' } });
  const { id } = JSON.parse(text) as { id: string };
  const reading = basic('jwt', roleToken({ role: 'r' }));
  const texts = await Promise.all([
    api.call('GET', '/apps/secrets/releases'),
    api.call('GET', '/apps/secrets/releases', { authorization: reading }),
    api.call('GET', `/apps/secrets/releases/${id}`, { authorization: reading }),
  ]);
  for (const answer of texts) {
    t.true(answer.text.includes('TOKEN='));
    t.false(answer.text.includes('hunter2'));
  }
  t.true((await api.call('GET', `/apps/secrets/releases/${id}`)).text.includes('TOKEN=hunter2'));
});
