import { routes } from '@convox-builds/api-contract';
import anyTest, { type TestFn } from 'ava';

import { createPublicRouter, createRouter } from './create-routers.js';
import { createLogAnswers } from './log-stream/log-answers.js';
import { startTestApi, type TestApi } from './testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  t.context.api = await startTestApi({ registryHost: '127.0.0.1:1' });
});
test.after.always((t) => t.context.api?.stop());

/** A route's path as the description writes it. */
const publishedPath = (path: string) => path.replace(/[:*](\w+)/g, '{$1}').replace(/(.)\/$/, '$1');

function registeredRoutes(api: TestApi): Set<string> {
  const issue = () => ({ token: '', expiresInSeconds: 1, issuedAt: new Date() });
  const parts = { ...api.parts, tokenIssuer: { issue } };
  const layers = [createPublicRouter(parts), createRouter(parts, createLogAnswers())].flatMap(({ stack }) => stack);
  const names = layers.flatMap(({ methods, path }) => {
    const all = methods.filter((method) => method !== 'HEAD' || !methods.includes('GET') || methods.length > 2);
    return all.map((method) => `${method} ${publishedPath(String(path))}`);
  });
  return new Set(names);
}

test('every route of the api is in the table, and every entry of the table is a route', (t) => {
  const inTable = routes.map(({ method, path }) => `${method} ${path}`);
  t.is(new Set(inTable).size, inTable.length);
  t.deepEqual([...registeredRoutes(t.context.api)].sort(), inTable.sort());
});

test('GET /openapi.json and GET /docs: need no password, and the page needs no other host', async (t) => {
  const { api } = t.context;
  const description = await api.call('GET', '/openapi.json', { authorization: '' });
  t.is(description.status, 200);
  t.like(JSON.parse(description.text), { openapi: '3.1.0', info: { title: 'Rack API' } });
  const { status, text, headers } = await api.call('GET', '/docs', { authorization: '' });
  t.is(status, 200);
  t.regex(String(headers['content-type']), /^text\/html/);
  t.regex(String(headers['content-security-policy']), /default-src 'none'/);
  t.notRegex(text, /<script|<link|src=|@import|url\(/);
  for (const { method, path } of routes)
    t.true(text.includes(`>${method}</b> <code>${path.replaceAll('/', '/<wbr>')}`), path);
});
