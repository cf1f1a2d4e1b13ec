import { type Route, routes } from '@convox-builds/api-contract';
import { startRegistry } from '@convox-builds/testing';
import anyTest, { type TestFn } from 'ava';
import fc from 'fast-check';
import { z } from 'zod';

import { findAnswerProblem } from './testing/check-answer.js';
import { startTestApi, type TestApi } from './testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi; buildId: string; releaseId: string; stop: () => Promise<unknown> }>;

const RUNS = 40;

test.before(async (t) => {
  const registry = await startRegistry();
  const api = await startTestApi({ registryHost: registry.host });
  for (const name of ['web', 'doomed']) await api.call('POST', '/apps', { form: { name } });
  const make = async (path: string, form: Record<string, string>) =>
    (JSON.parse((await api.call('POST', path, { form })).text) as { id: string }).id;
  const buildId = await make('/apps/web/builds', { external: 'true' });
  const releaseId = await make('/apps/web/releases', { env: 'A=1', build: buildId });
  t.context = { api, buildId, releaseId, stop: () => Promise.all([api.stop(), registry.stop()]) };
});
test.after.always((t) => t.context.stop?.());

/** What people send who mean no good, or nothing. */
const NASTY = [
  '',
  '..',
  '%',
  '%s',
  '%00',
  '\0',
  '\n',
  "'",
  '"',
  '\\',
  '/',
  '//',
  '*',
  '__proto__',
  '🙂',
  'é',
  '-1',
  '1e99',
  'NaN',
  'true',
];
const anyText = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...NASTY) },
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
);
/** Also such that is no percent-encoding, or no UTF-8. Without the part it would be another route. */
const anyPathPart = fc.oneof(
  anyText.filter((text) => text !== '').map(encodeURIComponent),
  fc.constantFrom('%', '%zz', '%ff', '%c0%ae', '%2e%2e%2f'),
);

function pathArbitrary({ path }: Route, real: Readonly<Record<string, readonly string[]>>) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const values = Object.fromEntries(
    names.map((name) => [
      name,
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(real[name] ?? ['x'])) }, anyPathPart),
    ]),
  );
  return fc.record(values).map((given) => path.replace(/\{(\w+)\}/g, (_match, name: string) => String(given[name])));
}

/** Nothing is told to anybody outside: no webhook comes into being while builds are made. */
const EXAMPLES_NOT_SENT = '/webhooks';

function formArbitrary({ input, path, ...route }: Route) {
  const example = path === EXAMPLES_NOT_SENT ? undefined : route.example;
  const schema = z.toJSONSchema(input ?? z.object({}), { io: 'input', unrepresentable: 'any' });
  const names = [...Object.keys(schema.properties ?? {}), 'unknown'];
  const valueOf = (name: string) =>
    example?.[name] === undefined ? anyText : fc.oneof(fc.constant(example[name]), anyText);
  return fc.record(Object.fromEntries(names.map((name) => [name, valueOf(name)])), { requiredKeys: [] });
}

for (const route of routes) {
  test.serial(
    `inputs: ${route.method} ${route.path} answers whatever is sent, and says on one line what is wrong`,
    async (t) => {
      const { api, buildId, releaseId } = t.context;
      const real = {
        app: route.method === 'DELETE' && route.path === '/apps/{app}' ? ['doomed'] : ['web', 'nobody'],
        id: [buildId, releaseId],
        key: ['tmp/a', 'a%2Fb'],
        name: ['cli-env-mask'],
        path: ['web/tags/list', 'web/blobs/uploads/', 'web/manifests/latest'],
        server: ['ghcr.io', 'ghcr.io/a/b'],
      };
      const property = fc.asyncProperty(pathArbitrary(route, real), formArbitrary(route), async (path, form) => {
        const isQuery = route.method === 'GET' || route.method === 'HEAD';
        const query = isQuery ? `?${new URLSearchParams(form as Record<string, string>).toString()}` : '?';
        const { status, text } = await api.call(
          route.method,
          `${path}${query}`,
          isQuery ? {} : { form: form as Record<string, string> },
        );
        const mayBe501 = route.answer.kind === 'never' || route.errors?.[501] !== undefined;
        const isFine = status < 500 || (mayBe501 && status === 501);
        if (!isFine) throw new Error(`status ${status}: ${text}`);
        const problem = status === 200 && route.method !== 'HEAD' ? findAnswerProblem(route, text) : undefined;
        if (problem !== undefined) throw new Error(`the answer is not as published: ${problem}`);
        if (status >= 400 && !path.startsWith('/v2') && !/^(?:[^\n%]|%%)*\n?$/.test(text))
          throw new Error(`bad error: ${text}`);
      });
      await t.notThrowsAsync(fc.assert(property, { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true }));
    },
  );
}

test('inputs: every object of the answers was seen as it is published', async (t) => {
  const { api, buildId, releaseId } = t.context;
  await api.call('PUT', '/apps/web/configs/seen', { form: { value: 'x' } });
  await api.call('POST', '/registries', { form: { server: 'seen.example.org', username: 'a', password: 'b' } });
  await api.call('POST', '/apps', { form: { name: 'nobody-builds' } });
  await api.call('POST', '/webhooks', { form: { url: 'https://example.org/hook', app: 'nobody-builds' } });
  const pathsOf: Record<string, string> = {
    App: '/apps/web',
    Build: '/apps/web/builds',
    BuildDetails: `/apps/web/builds/${buildId}`,
    Capacity: '/system/capacity',
    Config: '/apps/web/configs/seen',
    Registry: '/registries',
    Release: `/apps/web/releases/${releaseId}`,
    System: '/system',
    Webhook: '/webhooks',
  };
  for (const [object, path] of Object.entries(pathsOf)) {
    const pattern = path
      .replace(buildId, '{id}')
      .replace(releaseId, '{id}')
      .replace('/web', '/{app}')
      .replace('/seen', '/{name}');
    const route = routes.find((candidate) => candidate.method === 'GET' && candidate.path === pattern);
    const { status, text } = await api.call('GET', path);
    t.is(status, 200, path);
    t.is(route && findAnswerProblem(route, text), undefined, object);
    t.false(text.startsWith('[]'), object);
  }
});
