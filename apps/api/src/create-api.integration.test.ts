import { connect } from 'node:net';

import anyTest, { type TestFn } from 'ava';

import { roleToken } from './testing/role-token.js';
import { AUTHORIZATION, basic, PASSWORD, startTestApi, type TestApi } from './testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi();
});
test.after.always((t) => t.context.api?.stop());

test('GET /check: needs no password', async (t) => {
  const { status, text, headers } = await t.context.api.call('GET', '/check?', { authorization: '' });
  t.deepEqual([status, text], [200, 'ok\n']);
  t.regex(String(headers['request-id']), /^[0-9a-f]{12}$/);
  t.like(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
});

test('authentication: takes the password raw and percent-encoded, whatever the user', async (t) => {
  for (const password of [PASSWORD, encodeURIComponent(PASSWORD)]) {
    const { status, text } = await t.context.api.call('GET', '/auth?', { authorization: basic('any', password) });
    t.deepEqual([status, text], [200, 'ok\n']);
  }
});

const strangers = [
  '',
  'Basic',
  'Basic !!!',
  `Bearer ${PASSWORD}`,
  basic('convox', ''),
  basic('convox', `${PASSWORD}x`),
  basic('convox', '%zz'),
  basic('jwt', PASSWORD),
  basic('jwt', roleToken({ role: 'a' }, { secret: 'y'.repeat(32) })),
  basic('jwt', roleToken({ role: 'a' }, { alg: 'none' })),
  basic('jwt', roleToken({ role: 'root' })),
  basic('jwt', roleToken({ role: 'a', exp: 1_000_000_000 })),
  basic('jwt', `${roleToken({ role: 'a' })}.x`),
];
for (const [index, authorization] of strangers.entries()) {
  test(`authentication: refuses stranger ${index}`, async (t) => {
    const { status, text, headers } = await t.context.api.call('GET', '/system?', { authorization });
    t.deepEqual([status, text], [401, 'invalid authentication\n']);
    t.is(headers['www-authenticate'], 'Basic realm="convox"');
  });
}

test('authentication: a reading token reads and does not write', async (t) => {
  const { api } = t.context;
  const authorization = basic('jwt', roleToken({ role: 'r', user: 'eve' }));
  t.is((await api.call('GET', '/apps?', { authorization })).status, 200);
  const refused = await api.call('POST', '/apps', { authorization, form: { name: 'eves' } });
  t.deepEqual([refused.status, refused.text], [401, 'you are unauthorized to access this\n']);
  const writing = basic('jwt', roleToken({ role: 'rw', exp: Date.now() / 1000 + 60 }));
  t.is((await api.call('POST', '/apps', { authorization: writing, form: { name: 'written' } })).status, 200);
});

test('authentication: a page of another site cannot write with a remembered password', async (t) => {
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  t.is((await t.context.api.call('POST', '/apps', { headers, form: { name: 'forged' } })).status, 403);
});

test('unknown routes: are 404 with an empty body', async (t) => {
  for (const path of ['/machines?', '/racks?', '/apps/x/y/z', '/', '/apps/a/builds/B/import/x']) {
    const { status, text } = await t.context.api.call('GET', path);
    t.deepEqual([status, text], [404, ''], path);
  }
});

test('GET /system: has a version that clients of today accept', async (t) => {
  const { text } = await t.context.api.call('GET', '/system?');
  const system = JSON.parse(text) as { version: string };
  t.like(system, { name: 'test', status: 'running' });
  t.true(system.version > '20180708231844');
  t.true(text.endsWith('}\n'));
});

test('apps: are created, listed, changed, locked and deleted', async (t) => {
  const { api } = t.context;
  const created = await api.call('POST', '/apps?', { form: { name: 'web' } });
  t.like(JSON.parse(created.text), { name: 'web', generation: '2', status: 'running', release: '', locked: false });
  t.deepEqual(await api.call('POST', '/apps', { form: { name: 'web' } }).then(({ status, text }) => [status, text]), [
    409,
    'app already exists: web\n',
  ]);
  await api.call('PUT', '/apps/web', { form: { parameters: 'BuildCpu=500&BuildMem=1024' } });
  await api.call('PUT', '/apps/web', { form: { lock: 'true', parameters: 'BuildCpu=250' } });
  const changed = JSON.parse((await api.call('GET', '/apps/web?')).text) as unknown;
  t.like(changed, { locked: true, parameters: { BuildCpu: '250', BuildMem: '1024' } });
  const refused = await api.call('DELETE', '/apps/web');
  t.deepEqual([refused.status, refused.text], [409, 'app is locked: web\n']);
  await api.call('PUT', '/apps/web', { form: { lock: 'false' } });
  t.is((await api.call('DELETE', '/apps/web')).text, 'ok\n');
  const gone = await api.call('GET', '/apps/web?');
  t.deepEqual([gone.status, gone.text], [404, 'app not found: web\n']);
});

test('errors: are one line of text, or JSON for who accepts it, without a single percent sign', async (t) => {
  const { api } = t.context;
  const text = await api.call('GET', '/apps/100%25%0Aevil');
  t.deepEqual([text.status, text.text], [404, 'app not found: 100%%; evil\n']);
  t.regex(String(text.headers['content-type']), /^text\/plain/);
  const json = await api.call('GET', '/apps/nope', { headers: { Accept: 'application/json' } });
  t.deepEqual(JSON.parse(json.text), { error: 'app not found: nope' });
});

for (const path of ['/apps/%00', '/apps/..', '/apps/%zz', `/apps/${'a'.repeat(5000)}`, '/apps/x/builds/%00']) {
  test(`hostile paths: ${path.slice(0, 20)} is not found, and nothing else`, async (t) => {
    t.is((await t.context.api.call('GET', path)).status, 404);
  });
}

test('forms: bad values are refused by name', async (t) => {
  const { api } = t.context;
  const cases: [string, Record<string, string>, RegExp][] = [
    ['/apps', {}, /^name is required/],
    ['/apps', { name: 'Web' }, /^name must be 1 to 63/],
    ['/apps', { name: 'web', generation: '9' }, /^generation must be/],
  ];
  for (const [path, form, message] of cases) {
    const { status, text } = await api.call('POST', path, { form });
    t.is(status, 400);
    t.regex(text, message);
  }
  t.is((await api.call('POST', '/apps', { form: { name: 'a'.repeat(5_000_000) } })).status, 413);
});

test('forms: a parameter may stand in the query, and the form wins', async (t) => {
  const { text } = await t.context.api.call('POST', '/apps?name=queried&generation=3', { form: { generation: '2' } });
  t.like(JSON.parse(text), { name: 'queried', generation: '2' });
});

test('connections: garbage is refused and the next request is answered', async (t) => {
  const { api } = t.context;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
    socket.on('data', (data) => resolve(data.toString())).on('error', reject);
  });
  t.regex(answer, /^HTTP\/1\.1 400/);
  t.is((await api.call('GET', '/auth', { authorization: AUTHORIZATION })).status, 200);
});
