import anyTest, { type TestFn } from 'ava';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
  await t.context.api.call('POST', '/apps', { form: { name: 'web' } });
});
test.after.always((t) => t.context.api?.stop());

test('registries: are added, replaced, listed and removed; promise 7: their passwords are stored sealed and never answered', async (t) => {
  const { api } = t.context;
  const form = { server: 'registry.example.org:5000/team/a', username: 'someone', password: 'p%40 "ss\u00e4' };
  const added = await api.call('POST', '/registries', { form });
  const expected = { server: form.server, username: 'someone', password: '' };
  t.deepEqual([added.status, JSON.parse(added.text)], [200, expected]);
  await api.call('POST', '/registries', { form: { ...form, server: `https://${form.server}/`, username: 'other' } });
  const listed = await api.call('GET', '/registries?');
  t.deepEqual(JSON.parse(listed.text), [{ ...expected, username: 'other' }]);
  const sealedPassword = (await api.store.registries.list())[0]?.sealedPassword ?? '';
  t.false(sealedPassword.includes(form.password));
  t.is(api.parts.settings.secretBox.open(sealedPassword, `registries/${form.server}`), form.password);

  t.is((await api.call('DELETE', '/registries/registry.example.org')).status, 404);
  t.is((await api.call('DELETE', `/registries/${form.server}`)).text, 'ok\n');
  t.deepEqual(JSON.parse((await api.call('GET', '/registries')).text), []);
});

const refused: Record<string, string>[] = [
  {},
  { server: 'ghcr.io', username: 'a' },
  { server: 'ghcr.io', username: '', password: 'x' },
  { server: 'ghcr.io', username: 'a:b', password: 'x' },
  { server: 'http://ghcr.io', username: 'a', password: 'x' },
  { server: 'ghcr.io/../x', username: 'a', password: 'x' },
  { server: 'a b', username: 'a', password: 'x' },
];
for (const [index, form] of refused.entries()) {
  test(`registries: bad input ${index} is refused by name`, async (t) => {
    const { status, text } = await t.context.api.call('POST', '/registries', { form });
    t.is(status, 400);
    t.regex(text, /^(?:server|username|password) [^\n]+\n$/);
  });
}

test('configs: are kept with an app by name', async (t) => {
  const { api } = t.context;
  t.is((await api.call('GET', '/apps/web/configs/cli-env-mask')).text, 'config not found: cli-env-mask\n');
  const set = await api.call('PUT', '/apps/web/configs/cli-env-mask', { form: { value: 'SECRET' } });
  t.deepEqual(JSON.parse(set.text), { name: 'cli-env-mask', value: 'SECRET' });
  await api.call('PUT', '/apps/web/configs/cli-env-mask', { form: { value: 'OTHER' } });
  t.deepEqual(JSON.parse((await api.call('GET', '/apps/web/configs/cli-env-mask')).text).value, 'OTHER');
  t.deepEqual(JSON.parse((await api.call('GET', '/apps/web/configs')).text), [
    { name: 'cli-env-mask', value: 'OTHER' },
  ]);
  t.is((await api.call('PUT', '/apps/web/configs/a%20b', { form: { value: '' } })).status, 400);
  t.is((await api.call('GET', '/apps/none/configs')).status, 404);
});

test('objects: their keys are listed by prefix, in order, and no other app’s', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'web2' } });
  for (const key of ['tmp/b.tgz', 'tmp/a/x', 'tmp/a-b', 'other'])
    await api.call('POST', `/apps/web/objects/${key}`, { body: key });
  await api.call('POST', '/apps/web2/objects/tmp/z', { body: 'z' });
  const list = async (query: string) =>
    JSON.parse((await api.call('GET', `/apps/web/objects?${query}`)).text) as string[];
  t.deepEqual(await list('prefix=tmp/'), ['tmp/a-b', 'tmp/a/x', 'tmp/b.tgz']);
  t.deepEqual(await list('prefix=tmp/a'), ['tmp/a-b', 'tmp/a/x']);
  t.deepEqual(await list('limit=1'), ['other']);
  t.deepEqual(await list('prefix=none'), []);
  t.is((await api.call('GET', '/apps/web/objects?prefix=../web2/')).status, 400);
});

test('parameters: those that builds know are checked, the others are kept, an empty one is taken back', async (t) => {
  const { api } = t.context;
  const put = (parameters: Record<string, string>) =>
    api.call('PUT', '/apps/web', { form: { parameters: new URLSearchParams(parameters).toString() } });
  const bad = { BuildCpu: '1.5', BuildMem: '-1', BuildArch: 'windows/amd64', BuildLabels: 'x', BuildConcurrency: '0' };
  for (const [name, value] of Object.entries(bad)) {
    const { status, text } = await put({ [name]: value });
    t.is(status, 400, name);
    t.regex(text, new RegExp(`^parameters ${name}: must be `));
  }
  t.regex((await put({ BuildMem: '15' })).text, /^parameters BuildMem: must be at least 16 mebibytes/);
  t.is(
    (await put({ BuildCpu: '500', BuildMem: '512', BuildArch: 'arm64', BuildLabels: 'a=b', Own: 'x' })).text,
    'ok\n',
  );
  t.is((await put({ BuildArch: '' })).text, 'ok\n');
  t.deepEqual(JSON.parse((await api.call('GET', '/apps/web')).text).parameters, {
    BuildArch: '',
    BuildCpu: '500',
    BuildLabels: 'a=b',
    BuildMem: '512',
    Own: 'x',
  });
});

test('GET builds: takes filters by status, state, commit and time', async (t) => {
  const { api } = t.context;
  await api.call('POST', '/apps', { form: { name: 'filtered' } });
  const create = async (sha: string) => {
    const { text } = await api.call('POST', '/apps/filtered/builds', { form: { external: 'true', 'git-sha': sha } });
    return (JSON.parse(text) as { id: string }).id;
  };
  const [first, second] = [await create('aaaa1111'), await create('bbbb2222')];
  await api.call('POST', `/apps/filtered/builds/${first}/cancel`);
  const { started } = JSON.parse((await api.call('GET', `/apps/filtered/builds/${second}`)).text) as {
    started: string;
  };
  const list = async (query: Record<string, string>) => {
    const { text } = await api.call('GET', `/apps/filtered/builds?${new URLSearchParams(query).toString()}`);
    return (JSON.parse(text) as { id: string }[]).map(({ id }) => id);
  };
  t.deepEqual(await list({}), [second, first]);
  t.deepEqual(await list({ status: 'failed' }), [first]);
  t.deepEqual(await list({ state: 'cancelled' }), [first]);
  t.deepEqual(await list({ status: 'created' }), [second]);
  t.deepEqual(await list({ commit: 'bbbb' }), [second]);
  t.deepEqual(await list({ since: started }), [second]);
  t.deepEqual(await list({ since: '2020-01-01', limit: '1' }), [second]);
  t.deepEqual(await list({ since: '29990101.000000.000000000' }), []);
  for (const query of ['status=queued', 'state=x', 'commit=zz', 'since=yesterday', 'since=2026-13-01T00:00:00Z']) {
    t.is((await api.call('GET', `/apps/filtered/builds?${query}`)).status, 400, query);
  }
});
