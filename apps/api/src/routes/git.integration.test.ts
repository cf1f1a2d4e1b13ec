import { randomBytes } from 'node:crypto';

import { buildLoginPlace, createSecretBox, gitCredentialPlace } from '@convox-builds/store';
import { createSshKey, createTemporaryFolder } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';

import { roleToken } from '../testing/role-token.js';
import { basic, ENCRYPTION_KEY, startTestApi, type TestApi } from '../testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;
const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const box = createSecretBox(ENCRYPTION_KEY);
const READER = basic('jwt', roleToken({ role: 'r' }));

test.before(async (t) => {
  const api = await startTestApi();
  t.context = { api };
  for (const name of ['web', 'other']) await api.call('POST', '/apps', { form: { name } });
});
test.after.always((t) => t.context.api?.stop());

test('promise 7: POST builds: a login in the address is taken out and sealed', async (t) => {
  const { api } = t.context;
  const url = `https://me:${CANARY}@git.test/p.git#main:sub`;
  const headers = { 'Idempotency-Key': 'one' };
  const first = await api.call('POST', '/apps/web/builds', { form: { url, submodules: 'true' }, headers });
  t.is(first.status, 200, first.text);
  const build = JSON.parse(first.text) as { id: string };
  t.like(build, { 'git-url': 'https://git.test/p.git#main:sub', 'git-sha': '', state: 'queued' });
  const again = await api.call('POST', '/apps/web/builds', { form: { url, submodules: 'true' }, headers });
  t.is((JSON.parse(again.text) as { id: string }).id, build.id);
  const sealed = (await api.store.builds.findLogin(build.id)) ?? '';
  t.deepEqual(JSON.parse(box.open(sealed, buildLoginPlace(build.id))), { username: 'me', password: CANARY });
  t.true((await api.store.builds.find('web', build.id))?.options.submodules);
  const list = await api.call('GET', '/apps/web/builds');
  t.false([first, again, list].some(({ text }) => text.includes(CANARY)));
});

test('promise 7: POST builds: what is refused does not tell the login', async (t) => {
  const login = `me:${CANARY}`;
  for (const [form, message] of [
    [
      { url: `ftp://${login}@git.test/p.git` },
      /^Cannot read git URL "ftp:\/\/git\.test\/p\.git": only https, http and ssh/,
    ],
    [{ url: `https://${login}@git.test/p.git#-x` }, /cannot name a branch, a tag or a commit/],
    [{ url: `ssh://${login}@git.test/p.git` }, /ssh takes keys and no passwords/],
    [{ url: `https://${login}@git.test/p.git`, 'git-sha': 'abc' }, /^git-sha must be the full id of a commit/],
  ] as const) {
    const { status, text } = await t.context.api.call('POST', '/apps/web/builds', { form });
    t.is(status, 400);
    t.regex(text, message);
    t.false(text.includes(CANARY));
  }
});

test('promise 7: git-credentials: are listed by fingerprint, sealed, and of one app or of the rack', async (t) => {
  const { api } = t.context;
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const key = await createSshKey(folder.path, 'key');
  const add = (path: string, form: Record<string, string>) => api.call('POST', `${path}/git-credentials`, { form });
  t.is((await add('/apps/web', { host: 'Git.test', secret: ` ${CANARY}\n`, username: 'ci' })).status, 200);
  t.is((await add('/apps/web', { host: 'git.test', kind: 'ssh-key', secret: key.privateKey })).status, 200);
  t.is((await add('', { host: 'git.test:8443', secret: CANARY })).status, 200);
  const list = async (path: string) => {
    const { text } = await api.call('GET', `${path}/git-credentials`, { authorization: READER });
    t.false(text.includes(CANARY) || text.includes('PRIVATE'));
    return (JSON.parse(text) as Record<string, string>[]).map(({ created: _created, ...rest }) => rest);
  };
  const token = (await list('/apps/web')).find(({ kind }) => kind === 'token');
  t.like(token, { host: 'git.test', username: 'ci' });
  t.regex(token?.['fingerprint'] ?? '', /^[0-9a-f]{8}$/);
  t.like(
    (await list('/apps/web')).find(({ kind }) => kind === 'ssh-key'),
    { fingerprint: key.fingerprint },
  );
  t.deepEqual(await list('/apps/other'), []);
  t.deepEqual(
    (await list('')).map(({ host }) => host),
    ['git.test:8443'],
  );
  const found = await api.store.gitCredentials.find({ app: 'web', host: 'git.test', kind: 'token' });
  t.is(found && box.open(found.sealed, gitCredentialPlace(found)), CANARY);
  t.is((await api.call('DELETE', '/apps/web/git-credentials/git.test?kind=token')).status, 200);
  t.is((await list('/apps/web')).length, 1);
  t.is((await api.call('DELETE', '/git-credentials/git.test')).status, 404);
  for (const [form, message] of [
    [{ host: 'git.test' }, /^secret/],
    [{ host: 'https://git.test', secret: CANARY }, /^host must be a host/],
    [{ host: 'git.test', kind: 'password', secret: CANARY }, /^kind must be token or ssh-key/],
    [{ host: 'git.test', secret: `${CANARY}\nhost=evil` }, /control character/],
    [{ host: 'git.test', kind: 'ssh-key', secret: CANARY }, /^Cannot read ssh key: expected a private key/],
  ] as const) {
    const { status, text } = await add('', form);
    t.is(status, 400);
    t.regex(text, message);
    t.false(text.includes(CANARY));
  }
  const reader = await api.call('POST', '/git-credentials', {
    form: { host: 'x', secret: 'y' },
    authorization: READER,
  });
  t.is(reader.status, 401);
});

test('git-hosts: keys are pinned, listed with fingerprints, and forgotten', async (t) => {
  const { api } = t.context;
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const { publicKey, fingerprint } = await createSshKey(folder.path, 'key');
  const pin = (keys: string) => api.call('POST', '/git-hosts', { form: { host: 'git.test:2222', keys } });
  t.is((await pin(`# comment\n[git.test]:2222 ${publicKey}\n`)).status, 200);
  const list = async () => JSON.parse((await api.call('GET', '/git-hosts')).text) as Record<string, unknown>[];
  const pinned = { host: 'git.test:2222', key: publicKey, fingerprint, shipped: false };
  t.deepEqual(
    (await list()).filter(({ shipped }) => shipped === false),
    [pinned],
  );
  t.deepEqual((await pin('nonsense')).status, 400);
  t.is((await api.call('DELETE', '/git-hosts/git.test:2222')).status, 200);
  t.is((await api.call('DELETE', '/git-hosts/git.test:2222')).status, 404);
  const ofGithub = async () => (await list()).filter(({ host }) => host === 'github.com');
  t.deepEqual(
    (await ofGithub()).map(({ shipped }) => shipped),
    [true, true],
  );
  await api.call('POST', '/git-hosts', { form: { host: 'github.com', keys: publicKey } });
  t.deepEqual(await ofGithub(), [{ ...pinned, host: 'github.com' }]);
  t.is((await api.call('DELETE', '/git-hosts/github.com')).status, 200);
  t.is((await ofGithub()).length, 2);
});
