import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { RegistryError } from '@convox-builds/registry';
import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { keepHouse } from '../retention/start-retention.js';
import { completeTestBuild, createOpenRegistryClient } from '../testing/archived-builds.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

let api: TestApi;
let registry: TestRegistry;
const client = createOpenRegistryClient();
const GOING_ON = new AbortController().signal;

test.before(async () => {
  registry = await startRegistry();
  api = await startTestApi({ registryHost: registry.host, variables: { RETENTION_RELEASES: '1' } });
});

test.after.always(async () => {
  await api?.stop();
  await registry?.stop();
});

const build = (app: string, layer = randomBytes(1000)) =>
  completeTestBuild(api, { client, host: registry.host }, { app, manifest: 'services: {}', layers: { web: layer } });

const prune = (app: string, form: Readonly<Record<string, string>>) =>
  api.call('POST', `/apps/${app}/builds/prune`, { form });

const idsOf = (text: string) => JSON.parse(text).map(({ id }: { id: string }) => id);
const digestOf = async (app: string, id: string) => (await api.store.builds.find(app, id))?.images['web']?.digest ?? '';

async function isInRegistry(app: string, digest: string): Promise<boolean> {
  try {
    await client.getManifest({ registry: registry.host, repository: app, digest });
    return true;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'not-found') return false;
    throw error;
  }
}

async function untilRemoved(t: ExecutionContext): Promise<void> {
  await keepHouse(api.parts, GOING_ON);
  t.is(await api.store.removals.count(), 0);
}

test.serial('POST builds/prune deletes old builds with their images and logs, after it has told which', async (t) => {
  const [old, newest] = [await build('shop'), await build('shop')];
  await api.reconcile();
  const [digest, kept] = [await digestOf('shop', old), await digestOf('shop', newest)];
  t.is((await api.objects.list('shop/', { limit: 10 })).length, 2, 'two logs');

  const dry = await prune('shop', { keep: '0', 'dry-run': 'true' });
  t.deepEqual(idsOf(dry.text), [old]);
  t.truthy(await api.store.builds.find('shop', old));

  const pruned = await prune('shop', { keep: '0' });
  t.deepEqual(idsOf(pruned.text), [old]);
  t.is((await api.call('GET', `/apps/shop/builds/${old}`)).status, 404);
  await untilRemoved(t);
  t.false(await isInRegistry('shop', digest));
  t.true(await isInRegistry('shop', kept));
  t.is((await api.objects.list('shop/', { limit: 10 })).length, 1, 'the log of the other build');
});

test.serial('an image stays as long as one build has it', async (t) => {
  const layer = randomBytes(1000);
  const [old] = [await build('same', layer), await build('same', layer)];
  const digest = await digestOf('same', old);
  t.deepEqual(idsOf((await prune('same', { days: '0' })).text), [old]);
  await untilRemoved(t);
  t.true(await isInRegistry('same', digest));
});

test.serial('GET usage counts each layer once', async (t) => {
  const layer = randomBytes(5000);
  const usage = async () => JSON.parse((await api.call('GET', '/apps/usage/usage')).text);
  await build('usage', layer);
  const one = await usage();
  t.like(one, { app: 'usage', builds: 1, releases: 1, images: 1, 'log-bytes': 21 });
  t.true(one['image-bytes'] > 5000 && one['image-bytes'] < 7000, String(one['image-bytes']));
  await build('usage', layer);
  await api.reconcile();
  t.deepEqual(await usage(), { ...one, builds: 2, releases: 2, 'log-bytes': 42 });
});

test.serial('builds go by themselves where the app says so', async (t) => {
  const [silent] = [await build('silent'), await build('silent')];
  const [old, newest] = [await build('strict'), await build('strict')];
  const form = { parameters: 'RetentionBuilds=1' };
  t.is((await api.call('PUT', '/apps/strict', { form })).status, 200);
  await keepHouse(api.parts, GOING_ON);
  t.is(await api.store.builds.find('strict', old), undefined);
  t.truthy(await api.store.builds.find('strict', newest));
  t.truthy(await api.store.builds.find('silent', silent));
});

test.serial('an app that is deleted leaves no image and no object behind', async (t) => {
  const id = await build('gone');
  const digest = await digestOf('gone', id);
  await api.objects.put('gone/tmp/source.tgz', Readable.from(['x']));
  t.is((await api.call('DELETE', '/apps/gone')).status, 200);
  await untilRemoved(t);
  t.false(await isInRegistry('gone', digest));
  t.deepEqual(await api.objects.list('gone/', { limit: 10 }), []);
});

test.serial('what the registry does not delete now is deleted later, and its log does not wait for that', async (t) => {
  const [old] = [await build('later'), await build('later')];
  await api.reconcile();
  const digest = await digestOf('later', old);
  await prune('later', { keep: '0' });
  await keepHouse({ ...api.parts, registry: undefined }, GOING_ON);
  t.is(await api.store.removals.count(), 1);
  t.is((await api.objects.list('later/', { limit: 10 })).length, 1, 'the log of the other build');
  t.true(await isInRegistry('later', digest));
  const due = await api.store.removals.runNext('image', async () => {}, { retryAfterMs: () => 0 });
  t.is(due, undefined, 'it is not due yet');
});

test.serial('POST builds/prune says what is wrong', async (t) => {
  await api.store.apps.create({ name: 'empty', generation: '3' });
  for (const [form, error] of [
    [{}, 'keep or days is required'],
    [{ keep: '-1' }, 'keep must be a whole number'],
    [{ days: 'x' }, 'days must be a number of days'],
  ] as const) {
    const answer = await prune('empty', form);
    t.is(answer.status, 400);
    t.is(answer.text.trim(), error);
  }
  t.is((await prune('nowhere', { keep: '1' })).status, 404);
  t.deepEqual(idsOf((await prune('empty', { keep: '1' })).text), []);
});
