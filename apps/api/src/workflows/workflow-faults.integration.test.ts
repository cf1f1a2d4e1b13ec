import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { waitUntil } from '@convox-builds/testing';
import test from 'ava';

import { startApiProcess, waitForApiProcess } from '../testing/start-api-process.js';
import { ENCRYPTION_KEY, PASSWORD, startTestApi } from '../testing/start-test-api.js';
import { buildOf, endBuild, watchRepository } from '../testing/watch-repository.js';

const APPS = 12;

test('workflows: replicas that are killed at any moment forget no push, and neither build nor promote it twice', async (t) => {
  const api = await startTestApi();
  t.teardown(() => api.stop());
  const variables = {
    ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: api.postgres.url, REDIS_URL: api.redis.url },
    ...{ OBJECTS_FOLDER: api.objectsFolder, RACK_PASSWORD: PASSWORD, ENCRYPTION_KEY },
  };
  const start = async () => {
    const replica = startApiProcess(variables);
    t.teardown(() => replica.child.kill('SIGKILL'));
    await waitForApiProcess(replica);
    return async () => {
      replica.child.kill('SIGKILL');
      await once(replica.child, 'exit');
    };
  };
  const watched = await Promise.all(Array.from({ length: APPS }, (_, index) => watchRepository(api, `f${index}`)));
  const jobs = async () => (await Promise.all(watched.map((one) => one.jobs()))).map(([job]) => job);
  const count = async (state: string) => (await jobs()).filter((job) => job?.state === state).length;

  const killFirst = await start();
  await Promise.all(watched.map(({ push }) => push()));
  await waitUntil(async () => (await count('building')) > 0, { what: 'something is started' });
  await killFirst();
  const killSecond = await start();
  await waitUntil(async () => (await count('building')) === APPS, { timeoutMs: 30_000, what: 'all are started' });
  await killSecond();

  for (const job of await jobs()) await endBuild(api, buildOf(job));
  const killThird = await start();
  await waitUntil(async () => (await count('complete')) + (await count('promoting')) > 0, { what: 'one is promoted' });
  await killThird();
  await Promise.all([start(), start()]);
  await waitUntil(async () => (await count('complete')) === APPS, { timeoutMs: 30_000, what: 'all are promoted' });
  await sleep(2500);
  for (const job of await jobs()) {
    const app = job?.builds[0]?.app ?? '';
    t.is((await api.store.builds.list(app, { limit: 10 })).length, 1);
    t.is((await api.store.promotions.list(app, { limit: 10 })).length, 1);
    t.not((await api.store.apps.find(app))?.activeReleaseId, '');
  }
});
