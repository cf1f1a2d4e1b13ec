import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import test from 'ava';

import { readDockerignoreVectors } from './dockerignore-vectors.js';
import { findFreePort } from './free-port.js';
import { spawnService } from './spawn-service.js';
import { preparePostgres, startPostgres } from './start-postgres.js';
import { startRedis } from './start-redis.js';
import { startRegistry } from './start-registry.js';
import { waitUntil } from './wait-until.js';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('spawnService() keeps the output and ends what it started', async (t) => {
  const service = await spawnService('sh', ['-c', 'echo started; exec sleep 100']);
  await waitUntil(() => service.output().includes('started'));
  t.true(isAlive(service.pid));
  await service.stop();
  t.false(isAlive(service.pid));
});

test('findFreePort() finds ports that can be listened on', async (t) => {
  const port = await findFreePort();
  const socket = createConnection(port, '127.0.0.1');
  const [error] = await new Promise<[NodeJS.ErrnoException]>((resolve) => socket.once('error', (e) => resolve([e])));
  t.is(error.code, 'ECONNREFUSED');
});

test('waitUntil() waits, and gives up by name', async (t) => {
  let isDone = false;
  void sleep(30).then(() => {
    isDone = true;
  });
  await waitUntil(() => isDone);
  await t.throwsAsync(
    waitUntil(() => false, { timeoutMs: 10, what: 'never' }),
    { message: /never/ },
  );
});

test('startRedis() and startPostgres() are up when they are there', async (t) => {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  t.teardown(() => Promise.all([redis.stop(), postgres.stop()]));
  t.regex(redis.url, /^redis:\/\/127\.0\.0\.1:\d+$/);
  t.true(isAlive(redis.service.pid));
  t.true(isAlive(postgres.service.pid));
});

test('a Postgres that is killed in the middle of a query can be started at once', async (t) => {
  const prepared = await preparePostgres();
  t.teardown(prepared.remove);
  const killed = await prepared.start();
  const announce = "do $$ begin raise notice 'started'; end $$";
  const query = 'select count(*) from generate_series(1, 10000000)';
  const client = await spawnService('psql', [prepared.url, '-c', announce, '-c', query]);
  await waitUntil(() => client.output().includes('started'));
  await killed.stop('SIGKILL');
  const next = await prepared.start();
  t.teardown(() => next.stop('SIGQUIT'));
  t.true(isAlive(next.pid));
});

test('startRegistry() lets in whom it should', async (t) => {
  const open = await startRegistry();
  const basic = await startRegistry({ auth: { kind: 'basic', htpasswd: '' } });
  t.teardown(() => Promise.all([open.stop(), basic.stop()]));
  t.is((await fetch(`http://${open.host}/v2/`)).status, 200);
  t.is((await fetch(`http://${basic.host}/v2/`)).status, 401);
});

test('readDockerignoreVectors() says where they come from', (t) => {
  const { origin, vectors, entries } = readDockerignoreVectors();
  t.regex(origin, /fsutil/);
  t.true(vectors.length > 400);
  for (const { kept, error } of vectors) t.true(error === true || kept?.length === entries.length);
});
