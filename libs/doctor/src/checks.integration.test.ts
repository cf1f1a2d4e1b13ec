import { createRegistryClient, type RegistryClient } from '@convox-builds/registry';
import { createStore, migrateStore, openObjectStorage } from '@convox-builds/store';
import { createTemporaryFolder, prepareRegistry, startPostgres, startRedis } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { Redis } from 'ioredis';

import { checkClocks } from './check-clocks.js';
import { checkDatabase } from './check-database.js';
import { checkObjects } from './check-objects.js';
import { checkRedis } from './check-redis.js';
import { checkRegistry } from './check-registry.js';
import { runChecks } from './run-checks.js';

const NOWHERE = '127.0.0.1:1';

async function openObjects(t: ExecutionContext) {
  const { path, remove } = await createTemporaryFolder();
  t.teardown(remove);
  return { folder: path, objects: await openObjectStorage({ kind: 'disk', folder: path }) };
}

async function openStore(t: ExecutionContext) {
  const postgres = await startPostgres();
  const { objects } = await openObjects(t);
  const store = createStore({ databaseUrl: postgres.url, objects });
  t.teardown(async () => {
    await store.close();
    await postgres.stop();
  });
  return { store, postgres };
}

async function openRedis(t: ExecutionContext) {
  const { url, stop } = await startRedis();
  const redis = new Redis(url);
  t.teardown(async () => {
    redis.disconnect();
    await stop();
  });
  return { url, redis };
}

function openClient(): RegistryClient {
  const access = { isPlainHttp: () => true, mirrors: () => [], credentials: async () => undefined };
  return createRegistryClient({ access });
}

test('checkRedis(): a Redis that throws keys out, or is nearly full, is a warning that says what to set', async (t) => {
  const { url, redis } = await openRedis(t);
  const check = checkRedis(url);
  t.is((await check.run()).status, 'ok');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const evicting = await check.run();
  t.is(evicting.status, 'warning');
  t.regex(evicting.message, /maxmemory-policy is allkeys-lru: .* set noeviction/);
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  const [, used] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? [];
  await redis.config('SET', 'maxmemory', String(Math.round(Number(used) * 1.1)));
  t.regex((await check.run()).message, /^\d+ % of its maxmemory are used/);
});

test('checkRedis(): one that is away, or wants a password, has failed, and no password is told', async (t) => {
  const [away] = await runChecks([checkRedis(`redis://:secret@${NOWHERE}`)]);
  t.is(away?.status, 'failed');
  t.regex(away?.message ?? '', /does not answer \(connect ECONNREFUSED 127.0.0.1:1\): .*REDIS_URL/);
  t.notRegex(away?.message ?? '', /secret/);
  const { url, redis } = await openRedis(t);
  await redis.config('SET', 'requirepass', 'right');
  t.regex((await checkRedis(url).run()).message, /NOAUTH/);
});

test('checkDatabase(): says which migrations are missing, which are of a newer version, and when it is away', async (t) => {
  const { store, postgres } = await openStore(t);
  const check = checkDatabase(store);
  t.regex((await check.run()).message, /its schema lacks 0001-initial, .*: run the migrations/);
  await migrateStore(postgres.url);
  t.like(await check.run(), { status: 'ok' });
  await postgres.service.stop('SIGQUIT');
  const [away] = await runChecks([check]);
  t.is(away?.status, 'failed');
  t.regex(away?.message ?? '', /^it does not answer \(.*\): see that it runs and that DATABASE_URL is right$/);
});

test('checkClocks(): a clock that is off is named, and one that is far off has failed', async (t) => {
  const { store } = await openStore(t);
  const { url } = await openRedis(t);
  t.deepEqual(await checkClocks(store, url).run(), { status: 'ok', message: 'as those of the database and redis' });
  const off = (byMs: number) => checkClocks({ readClock: async () => new Date(Date.now() + byMs) }, url).run();
  t.deepEqual(await off(-20_000), {
    status: 'warning',
    message: 'the clock of the database is 20 s behind ours: let all machines follow one time server',
  });
  t.is((await off(3_600_000)).status, 'failed');
  const gone = { readClock: () => Promise.reject(new Error('away')) };
  t.is((await checkClocks(gone, url).run()).message, 'as those of redis');
});

test('checkRegistry(): a registry that takes uploads has nothing left of the look at it; one that is away has failed', async (t) => {
  const registry = await prepareRegistry();
  const service = await registry.start();
  t.teardown(async () => {
    await service.stop('SIGKILL');
    await registry.remove();
  });
  const repositoryOf = (repository: string) => ({ registry: registry.host, repository });
  const check = checkRegistry(openClient(), { repositoryOf, isMadeByPush: true });
  t.deepEqual(await check.run(), { status: 'ok', message: `${registry.host} takes uploads` });
  const prepared = checkRegistry(openClient(), { repositoryOf, isMadeByPush: false });
  t.deepEqual(await prepared.run(), { status: 'ok', message: `${registry.host} lets the rack in` });
  const catalog = await fetch(`http://${registry.host}/v2/_catalog`);
  t.deepEqual(await catalog.json(), { repositories: [] });
  await service.stop('SIGKILL');
  const [away] = await runChecks([check]);
  t.is(away?.status, 'failed');
  t.true(away?.message.startsWith(`${registry.host} takes no uploads (`), away?.message);
});

test('checkObjects(): an object is written, read and deleted; a storage that cannot do it has failed', async (t) => {
  const { objects, folder } = await openObjects(t);
  const check = checkObjects(objects);
  t.like(await check.run(), { status: 'ok' });
  t.deepEqual(await objects.list('.doctor/', { limit: 9 }), []);
  const broken = {
    ...objects,
    put: () => Promise.reject(new Error(`EROFS: read-only file system, open '${folder}/x'`)),
  };
  t.regex((await checkObjects(broken).run()).message, /^no object can be written \(EROFS.*\): see OBJECTS_FOLDER/);
});

test('runChecks(): one that hangs has failed, and a message is one line', async (t) => {
  const hangs = { name: 'hangs', run: () => new Promise<never>(() => {}) };
  const throws = { name: 'throws', run: () => Promise.reject(new Error('postgres://user:secret@host\nis away')) };
  t.deepEqual(await runChecks([hangs, throws], { withinMs: 50 }), [
    { check: 'hangs', status: 'failed', message: 'There was no answer within 50 ms' },
    { check: 'throws', status: 'failed', message: 'postgres://***@host is away' },
  ]);
});
