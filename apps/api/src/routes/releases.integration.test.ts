import anyTest, { type TestFn } from 'ava';

import { completeTestBuild } from '../testing/complete-build.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

const parse = (text: string) => JSON.parse(text) as { id: string; env: string };

test('releases: a new environment keeps the build and promotes nothing', async (t) => {
  const { api } = t.context;
  const { buildId } = await completeTestBuild(api.store, 'web');
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
  const first = await completeTestBuild(api.store, 'promoted');
  const second = await completeTestBuild(api.store, 'promoted');
  const promote = (id: string, form = {}) => api.call('POST', `/apps/promoted/releases/${id}/promote`, { form });
  t.is((await promote(second.releaseId, { force: 'false' })).text, 'ok\n');
  t.like(JSON.parse((await api.call('GET', '/apps/promoted?')).text), { status: 'running', release: second.releaseId });
  const older = await promote(first.releaseId);
  t.deepEqual([older.status, older.text], [400, 'can not promote an older release, try rollback\n']);
  t.is((await promote(first.releaseId, { force: 'true' })).text, 'ok\n');
});

test('releases: what a service requires has to be there before it is promoted', async (t) => {
  const { api } = t.context;
  const manifest = 'environment: [TOKEN]\nservices:\n  web:\n    image: busybox\n    environment: [NEEDED, A=1]\n';
  const { releaseId } = await completeTestBuild(api.store, 'needy', manifest);
  const promote = async (id: string) => {
    const { status, text } = await api.call('POST', `/apps/needy/releases/${id}/promote`);
    return [status, text];
  };
  t.deepEqual(await promote(releaseId), [400, 'required env: NEEDED, TOKEN\n']);
  const { id } = parse((await api.call('POST', '/apps/needy/releases', { form: { env: 'NEEDED=\nTOKEN=x' } })).text);
  t.deepEqual(await promote(releaseId), [400, 'required env: NEEDED, TOKEN\n'], 'the old one stays as it is');
  t.deepEqual(await promote(id), [200, 'ok\n']);
  const promotions = JSON.parse((await api.call('GET', '/apps/needy/promotions')).text);
  t.like(promotions, [{ release: id, state: 'succeeded', actor: 'unknown', reason: '' }]);
});

test('releases: one with a manifest that cannot be read is not promoted', async (t) => {
  const { api } = t.context;
  const { releaseId } = await completeTestBuild(api.store, 'broken', 'services: {}\n');
  const { status, text } = await api.call('POST', `/apps/broken/releases/${releaseId}/promote`);
  t.deepEqual([status, text], [400, 'validation errors:; convox.yml:1:11: no services defined\n']);
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
  await completeTestBuild(api.store, 'known');
  const { buildId } = await completeTestBuild(api.store, 'foreign');
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
