import { once } from 'node:events';
import { createServer } from 'node:http';

import { createDiskObjectStorage, createStore, migrateStore } from '@convox-builds/store';
import { createTemporaryFolder, startPostgres, startRedis, waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { claimTestBuild } from './testing/claim-build.js';
import { openLog } from './testing/read-log.js';
import { startApiProcess } from './testing/start-api-process.js';
import { ENCRYPTION_KEY, PASSWORD } from './testing/start-test-api.js';

test('the api process: says in lines what its environment lacks, and exits with 1', async (t) => {
  const { child, output } = startApiProcess({ PORT: 'eighty', RACK_PASSWORD: 's3cret' });
  const [code] = await once(child, 'exit');
  t.is(code, 1);
  const lines = output().trim().split('\n');
  t.is(lines[0], 'Cannot start: the environment has mistakes');
  t.deepEqual(
    lines.slice(1).map((line) => line.trim().split(':')[0]),
    ['PORT', 'DATABASE_URL', 'REDIS_URL', 'RACK_PASSWORD', 'ENCRYPTION_KEY'],
  );
  t.notRegex(output(), /s3cret/);
});

test('the api process: says when it is ready, and stops in order although a log is followed', async (t) => {
  const [postgres, redis, folder] = await Promise.all([startPostgres(), startRedis(), createTemporaryFolder()]);
  t.teardown(() => Promise.all([postgres.stop(), redis.stop(), folder.remove()]));
  await migrateStore(postgres.url);
  const objects = createDiskObjectStorage({ folder: folder.path });
  const store = createStore({ databaseUrl: postgres.url, objects });
  const claim = await claimTestBuild(store, 'web');
  await store.close();
  const { child, output } = startApiProcess({
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECTS_FOLDER: folder.path,
    RACK_PASSWORD: PASSWORD,
    ENCRYPTION_KEY,
  });
  const [message] = (await once(child, 'message')) as [{ type: string; port: number }];
  t.is(message.type, 'ready');
  const log = openLog(message.port, `/apps/web/builds/${claim.buildId}/logs`);
  await once(log.socket, 'open');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.is(code, 0, output());
  t.false((await log.ended).isEnded);
});

/** A registry that takes its time to delete. */
async function startSlowRegistry(t: ExecutionContext) {
  let deletions = 0;
  const server = createServer((_request, response) => {
    deletions++;
    setTimeout(() => response.writeHead(202).end(), 1000);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, countDeletions: () => deletions };
}

test('the api process: stops in order although there is much to delete', async (t) => {
  const [postgres, redis, folder] = await Promise.all([startPostgres(), startRedis(), createTemporaryFolder()]);
  t.teardown(() => Promise.all([postgres.stop(), redis.stop(), folder.remove()]));
  const registry = await startSlowRegistry(t);
  await migrateStore(postgres.url);
  const store = createStore({ databaseUrl: postgres.url, objects: createDiskObjectStorage({ folder: folder.path }) });
  const images = Array.from({ length: 30 }, (_, index) => {
    const digest = `sha256:${String(index).padStart(64, '0')}`;
    return { [`service-${index}`]: { digest, mediaType: 'm', size: 2, platforms: ['linux/amd64'] } };
  });
  const claim = await claimTestBuild(store, 'web');
  await store.attempts.complete(claim, { images: Object.assign({}, ...images), entrypoint: '' });
  await store.apps.delete('web');
  await store.close();
  const { child, output } = startApiProcess({
    ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: postgres.url, REDIS_URL: redis.url, RACK_PASSWORD: PASSWORD },
    ...{ OBJECTS_FOLDER: folder.path, ENCRYPTION_KEY, REGISTRY_HOST: registry.host, REGISTRY_PLAIN_HTTP: 'true' },
  });
  await waitUntil(() => registry.countDeletions() > 0, { what: 'it deletes' });
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.is(code, 0, output());
  t.true(registry.countDeletions() < images.length);
});

test('the api process: writes JSON lines and nothing else, also while its database is away', async (t) => {
  const [postgres, redis, folder] = await Promise.all([startPostgres(), startRedis(), createTemporaryFolder()]);
  t.teardown(() => Promise.all([postgres.stop(), redis.stop(), folder.remove()]));
  await migrateStore(postgres.url);
  const { child, output } = startApiProcess({
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECTS_FOLDER: folder.path,
    RACK_PASSWORD: PASSWORD,
    ENCRYPTION_KEY,
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
  t.is(await ready(), 200);
  await postgres.service.stop('SIGQUIT');
  await waitUntil(async () => (await ready()) === 503, { what: 'it is not ready' });
  child.kill('SIGTERM');
  await once(child, 'exit');
  const lines = output().trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { msg: string; part?: string });
  // Redis may not have answered yet when it was asked first.
  const isDatabaseUnwell = ({ msg, part }: (typeof entries)[0]) => msg === 'A part is not well' && part === 'database';
  t.is(entries.filter(isDatabaseUnwell).length, 1);
  t.true(entries.some(({ msg }) => msg === 'Database warns'));
});
