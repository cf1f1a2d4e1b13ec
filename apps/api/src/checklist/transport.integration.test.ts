import anyTest, { type TestFn } from 'ava';

import { openRaw } from '../testing/raw-connection.js';
import { basic, startTestApi, type TestApi } from '../testing/start-test-api.js';

// What existing clients rely on, point by point.

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  const api = await startTestApi();
  t.context.api = api;
  await api.call('POST', '/apps', { form: { name: 'web' } });
});
test.after.always((t) => t.context.api?.stop());

test('checklist 1: the version sorts, as text, behind that of the protocol of today', async (t) => {
  const { version } = JSON.parse((await t.context.api.call('GET', '/system?')).text) as { version: string };
  t.true(version > '20180708231844');
  t.regex(version, /^3\./);
});

test('checklist 9: an unknown route is 404 without a body, a missing thing is 404 with a text', async (t) => {
  const { api } = t.context;
  for (const path of ['/nothing', '/apps/web/nothing', '/apps/web/builds/BABCDEFGHIJ/nothing']) {
    const { closed } = await openRaw(api.port, [`GET ${path} HTTP/1.1`, 'Connection: close']);
    const answer = (await closed).toString();
    t.regex(answer, /^HTTP\/1\.1 404 /, path);
    t.true(answer.endsWith('\r\n\r\n'), path);
  }
  const missing = {
    '/apps/x': 'app not found: x\n',
    '/apps/x/builds': 'app not found: x\n',
    '/apps/web/builds/BABCDEFGHIJ': 'build not found: BABCDEFGHIJ\n',
    '/apps/web/releases/RABCDEFGHIJ': 'release not found: RABCDEFGHIJ\n',
    '/apps/web/objects/tmp/x': 'object not found: tmp/x\n',
  };
  for (const [path, text] of Object.entries(missing)) {
    const answer = await api.call('GET', path);
    t.deepEqual([answer.status, answer.text], [404, text]);
  }
});

test('checklist 10: no error has a single percent sign', async (t) => {
  const { api } = t.context;
  const answers = await Promise.all([
    api.call('GET', '/apps/50%25'),
    api.call('GET', '/apps/50%25/builds', { headers: { Accept: 'application/json' } }),
    api.call('POST', '/apps/web/builds', { form: { url: 'object://web/%s%d' } }),
    api.call('DELETE', '/registries/%25s'),
  ]);
  for (const { status, text } of answers) {
    t.true(status >= 400 && status < 500);
    t.regex(text, /%%/);
    t.notRegex(text.replaceAll('%%', ''), /%/);
  }
});

test('checklist 13: every path may end with a question mark', async (t) => {
  const { api } = t.context;
  for (const path of ['/check', '/auth', '/system', '/apps', '/apps/web', '/apps/web/builds', '/registries']) {
    t.is((await api.call('GET', `${path}?`)).status, 200, path);
  }
  const { status, text } = await api.call('POST', '/apps/web/objects/tmp/q.tgz?', { body: 'x' });
  t.deepEqual([status, JSON.parse(text)], [200, { Url: 'object://web/tmp/q.tgz' }]);
});

test('checklist 14: a password may be percent-encoded, as it is written in an address', async (t) => {
  const { api } = t.context;
  for (const password of ['correct horse battery', 'correct%20horse%20battery']) {
    t.is((await api.call('GET', '/auth', { authorization: basic('convox', password) })).text, 'ok\n');
  }
  t.is((await api.call('GET', '/auth', { authorization: basic('convox', 'correct+horse+battery') })).status, 401);
});

test('checklist 19: /machines and /racks cost nothing: they are answered without the database', async (t) => {
  const api = await startTestApi();
  t.teardown(api.stop);
  await api.postgres.service.stop('SIGKILL');
  for (const path of ['/machines?', '/racks?']) {
    const { status, text } = await api.call('GET', path);
    t.deepEqual([status, text], [404, '']);
  }
  t.is((await api.call('GET', '/apps')).status, 503);
});

test('checklist 24: an error is one line, and shown as it is', async (t) => {
  const { api } = t.context;
  const answers = await Promise.all([
    api.call('GET', '/apps/a%0Ab'),
    api.call('POST', '/apps', { form: { name: 'a\nb', generation: '7' } }),
    api.call('POST', '/apps/web/builds', { form: { url: 'object://web/a\r\nb', manifest: '../x\n' } }),
    api.call('PUT', '/apps/web', { form: { parameters: 'BuildCpu=1%0A2' } }),
    api.call('DELETE', '/apps/web/objects/a%0Ab'),
  ]);
  for (const { status, text, headers } of answers) {
    t.true(status >= 400 && status < 500, text);
    t.regex(text, /^[^\n\r]+\n$/);
    t.regex(String(headers['content-type']), /^text\/plain/);
  }
});
