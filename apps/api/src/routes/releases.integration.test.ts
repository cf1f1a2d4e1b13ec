import anyTest, { type TestFn } from 'ava';

import { claimTestBuild } from '../testing/claim-build.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const parse = (text: string) => JSON.parse(text) as { id: string; env: string };

async function completeBuild({ store }: TestApi, app: string): Promise<{ buildId: string; releaseId: string }> {
  const claim = await claimTestBuild(store, app);
  await store.attempts.saveManifest(claim, 'services: {}\n');
  const release = await store.attempts.complete(claim, { images: {}, entrypoint: '' });
  return { buildId: claim.buildId, releaseId: release?.id ?? '' };
}

test('releases: a new environment keeps the build and promotes nothing', async (t) => {
  const { api } = t.context;
  const { buildId } = await completeBuild(api, 'web');
  const created = await api.call('POST', '/apps/web/releases', { form: { env: 'A=1\nB=x=y' } });
  t.like(JSON.parse(created.text), { app: 'web', build: buildId, env: 'A=1\nB=x=y', description: 'env add:A add:B' });
  const changed = await api.call('POST', '/apps/web/releases', { form: { env: 'A=2' } });
  t.like(JSON.parse(changed.text), { build: buildId, env: 'A=2', description: 'env change:A remove:B' });
  t.like(JSON.parse((await api.call('GET', '/apps/web')).text), { release: '' });
  const list = JSON.parse((await api.call('GET', '/apps/web/releases?limit=1')).text) as unknown[];
  t.deepEqual(list, [{ ...parse(changed.text), env: 'A=****' }], 'a list shows no values');
});

test('releases: promote makes one active, refuses an older one unless forced', async (t) => {
  const { api } = t.context;
  const first = await completeBuild(api, 'promoted');
  const second = await completeBuild(api, 'promoted');
  const promote = (id: string, form = {}) => api.call('POST', `/apps/promoted/releases/${id}/promote`, { form });
  t.is((await promote(second.releaseId, { force: 'false' })).text, 'ok\n');
  t.like(JSON.parse((await api.call('GET', '/apps/promoted?')).text), { status: 'running', release: second.releaseId });
  const older = await promote(first.releaseId);
  t.deepEqual([older.status, older.text], [400, 'can not promote an older release, try rollback\n']);
  t.is((await promote(first.releaseId, { force: 'true' })).text, 'ok\n');
});

test('releases: one without a manifest is not promoted', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'empty' } });
  const { id } = parse((await api.call('POST', '/apps/empty/releases', { form: { env: 'A=1' } })).text);
  const { status, text } = await api.call('POST', `/apps/empty/releases/${id}/promote`);
  t.deepEqual([status, text], [400, 'can not promote a release with an empty manifest\n']);
});

test('releases: what is missing is named', async (t) => {
  const { api } = t.context;
  await completeBuild(api, 'known');
  const { buildId } = await completeBuild(api, 'foreign');
  const cases: [Record<string, string>, string][] = [
    [{ build: 'BAAAAAAAAAA' }, 'build not found: BAAAAAAAAAA\n'],
    [{ build: buildId }, `build not found: ${buildId}\n`],
    [{ 'parent-release': "R' OR 1=1" }, "release not found: R' OR 1=1\n"],
  ];
  for (const [form, message] of cases) {
    const { status, text } = await api.call('POST', '/apps/known/releases', { form });
    t.deepEqual([status, text], [404, message]);
  }
  t.is((await api.call('GET', '/apps/known/releases/RAAAAAAAAAA')).text, 'release not found: RAAAAAAAAAA\n');
  t.is((await api.call('POST', '/apps/nope/releases', { form: {} })).text, 'app not found: nope\n');
});
