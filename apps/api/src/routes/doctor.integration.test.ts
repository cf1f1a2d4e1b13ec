import type { WireFinding } from '@convox-builds/api-contract';
import { prepareRegistry } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import { Redis } from 'ioredis';

import { startTestApi, type TestApi } from '../testing/start-test-api.js';

async function startWithRegistry(t: ExecutionContext) {
  const prepared = await prepareRegistry();
  const registry = await prepared.start();
  const api = await startTestApi({ registryHost: prepared.host });
  t.teardown(async () => {
    await api.stop();
    await registry.stop('SIGKILL');
    await prepared.remove();
  });
  return { api, registry };
}

async function examine(api: TestApi) {
  const { status, text } = await api.call('GET', '/system/doctor');
  const findings = JSON.parse(text) as WireFinding[];
  const find = (on: string, check: string) => findings.find((one) => one.on === on && one.check === check);
  return { status, text, find };
}

const WORKER = { owner: 'one/1', slots: 4, state: 'ready' } as const;
const NATIVE = { check: 'buildkit', status: 'warning', message: 'the snapshotter is native' } as const;

test('GET /system/doctor: says of each part how it is, and what workers found out about themselves', async (t) => {
  const { api } = await startWithRegistry(t);
  t.like((await examine(api)).find('rack', 'workers'), { status: 'failed' });
  await api.store.workers.report({ ...WORKER, name: 'one', findings: [NATIVE] });
  const { status, find } = await examine(api);
  t.is(status, 200);
  for (const check of ['database', 'redis', 'clocks', 'registry', 'objects', 'workers'])
    t.is(find('rack', check)?.status, 'ok', check);
  t.deepEqual(find('one', 'buildkit'), { on: 'one', ...NATIVE });
});

test('GET /system/doctor: Redis with a wrong policy, a registry and a database that are away are each named', async (t) => {
  const { api, registry } = await startWithRegistry(t);
  const redis = new Redis(api.redis.url);
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  redis.disconnect();
  await registry.stop('SIGKILL');
  const { find } = await examine(api);
  t.regex(find('rack', 'redis')?.message ?? '', /set noeviction/);
  t.like(find('rack', 'registry'), { status: 'failed' });
  await api.postgres.service.stop('SIGQUIT');
  const { find: findWithout, text } = await examine(api);
  t.like(findWithout('rack', 'database'), { status: 'failed' });
  t.like(findWithout('rack', 'objects'), { status: 'ok' });
  t.notRegex(text, /correct horse battery/);
});
