import { buildLoginPlace, createSecretBox } from '@convox-builds/store';
import anyTest, { type TestFn } from 'ava';

import { ENCRYPTION_KEY, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

const MANIFEST = 'services:\n  web:\n    image: placeholder\n    port: 5000\n    environment:\n      - NEEDED\n';
const IMAGE = 'registry.example.org/team/app:v1';

test.before(async (t) => {
  const api = await startTestApi({ registryHost: '127.0.0.1:1' });
  t.context = { api };
  await api.call('POST', '/apps', { form: { name: 'web' } });
});
test.after.always((t) => t.context.api?.stop());

async function createExternal(api: TestApi, manifest = MANIFEST): Promise<string> {
  const { id } = JSON.parse((await api.call('POST', '/apps/web/builds', { form: { external: 'true' } })).text) as {
    id: string;
  };
  if (manifest !== '') await api.call('PUT', `/apps/web/builds/${id}`, { form: { manifest } });
  return id;
}

const importImage = (api: TestApi, id: string, form: Readonly<Record<string, string>> = { image: IMAGE }) =>
  api.call('POST', `/apps/web/builds/${id}/image`, { form });

async function refusal(api: TestApi, id: string, form?: Readonly<Record<string, string>>) {
  const { status, text } = await importImage(api, id, form);
  return [status, text];
}

test('POST image: answers 202 with nothing, and the build waits for a worker, which gets the password sealed', async (t) => {
  const { api } = t.context;
  const id = await createExternal(api);
  const login = { 'src-creds-user': 'me', 'src-creds-pass': 'p%s' };
  const { status, text } = await importImage(api, id, { image: IMAGE, ...login });
  t.deepEqual([status, text], [202, '']);
  const answer = await api.call('GET', `/apps/web/builds/${id}`);
  t.like(JSON.parse(answer.text), { status: 'created', state: 'queued', manifest: MANIFEST, 'git-url': '' });
  t.false(answer.text.includes('p%s'));
  const sealed = (await api.store.builds.findLogin(id)) ?? '';
  t.false(sealed.includes('p%s'));
  const opened = createSecretBox(ENCRYPTION_KEY).open(sealed, buildLoginPlace(id));
  t.deepEqual(JSON.parse(opened), { username: 'me', password: 'p%s' });

  t.deepEqual(await refusal(api, id), [409, `build ${id} is already importing: wait for its end\n`]);
  t.is((await api.call('PUT', `/apps/web/builds/${id}`, { form: { status: 'complete' } })).status, 409);

  t.is((await api.call('POST', `/apps/web/builds/${id}/cancel`)).status, 200);
  t.is(await api.store.builds.findLogin(id), undefined, 'the password is forgotten');
  t.deepEqual(await refusal(api, id), [409, `build ${id} is cancelled: create another one to import an image\n`]);
});

test('POST image: says what is missing or wrong', async (t) => {
  const { api } = t.context;
  const id = await createExternal(api, '');
  t.deepEqual(await refusal(api, id, {}), [422, 'image ref required\n']);
  t.regex(String((await refusal(api, id, { image: 'No Image' }))[1]), /^Cannot read image reference "No Image"/);
  t.deepEqual(await refusal(api, id), [422, `build ${id} has no manifest: report the text of convox.yml first\n`]);
  const broken = await createExternal(api, 'services: [\n');
  const [status, text] = await refusal(api, broken);
  t.is(status, 422);
  t.regex(String(text), /^manifest parse failed: convox\.yml:[^\n]+\n$/);
  t.deepEqual(await refusal(api, 'BAAAAAAAAAA'), [404, 'build not found: BAAAAAAAAAA\n']);
  t.is((await api.call('GET', `/apps/web/builds/${id}`)).status, 200);
});

test('POST image: two requests at once make one import', async (t) => {
  const { api } = t.context;
  const id = await createExternal(api);
  const answers = await Promise.all([importImage(api, id), importImage(api, id), importImage(api, id)]);
  t.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [202, 409, 409],
  );
});

test('POST image: a complete import has its release, and who asks for one or reports it gets that very one', async (t) => {
  const { api } = t.context;
  const id = await createExternal(api);
  await importImage(api, id);
  const claim = { buildId: id, attempt: 1, worker: 'w/1' };
  t.truthy(await api.store.attempts.claim(claim, { leaseMs: 10_000 }));
  const release = await api.store.attempts.complete(claim, { images: {}, entrypoint: '' });
  const asked = await api.call('POST', '/apps/web/releases', { form: { build: id } });
  t.is(JSON.parse(asked.text).id, release?.id);
  const report = (form: Readonly<Record<string, string>>) => api.call('PUT', `/apps/web/builds/${id}`, { form });
  const reported = await report({ release: release?.id ?? '' });
  t.is(reported.status, 200);
  t.like(JSON.parse(reported.text), { status: 'complete', release: release?.id });
  t.is((await report({ release: 'RAAAAAAAAAA' })).status, 409);
  t.is((await report({ manifest: MANIFEST })).status, 409);
  const { length } = (await api.store.releases.list('web', { limit: 100 })).filter(({ buildId }) => buildId === id);
  t.is(length, 1);
});
