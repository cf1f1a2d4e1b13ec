import { statfs } from 'node:fs/promises';

import test from 'ava';

import { createContext, SHELL } from '../testing/create-context.js';
import { solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';
import { createBuildkitClient } from './buildkit-client.js';
import { diskUsage } from './disk-usage.js';
import { getInfo } from './info.js';
import { listWorkers } from './list-workers.js';
import { prune } from './prune.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

test('getInfo() tells the version', async (t) => {
  t.regex((await getInfo(daemon.client)).version, /^v?\d+\.\d+\.\d+/);
});

test('getInfo() of a daemon that is not there rejects as unavailable', async (t) => {
  const client = createBuildkitClient({ address: 'unix:///nowhere/buildkitd.sock' });
  t.teardown(client.close);
  t.like(await t.throwsAsync(getInfo(client)), { code: 'unavailable' });
});

test('listWorkers() tells the platforms', async (t) => {
  const [worker] = await listWorkers(daemon.client);
  t.regex(worker?.platforms[0] ?? '', /^linux\//);
});

test.serial('prune() deletes no more than it takes to have so much free', async (t) => {
  // Others write to the same disk meanwhile: far less than this.
  const [large, wanted] = [200_000_000, 100_000_000];
  for (const step of [`head -c ${large} /dev/zero > /large`, 'echo small > /small']) {
    const context = await createContext({ Dockerfile: `${SHELL}\nRUN ${step}` });
    t.teardown(context.remove);
    await solveContext(daemon.client, { source: context.folder });
  }
  const { bavail, bsize } = await statfs('/');
  let freed = 0;
  for await (const { sizeBytes } of prune(daemon.client, { minFreeBytes: bavail * bsize + wanted })) freed += sizeBytes;
  t.true(freed >= wanted, `${freed}`);
  t.true((await diskUsage(daemon.client)).length > 0);
});

test.serial('prune() empties what diskUsage() lists', async (t) => {
  const context = await createContext({ Dockerfile: `${SHELL}\nRUN echo x > /file` });
  t.teardown(context.remove);
  await solveContext(daemon.client, { source: context.folder });
  t.true((await diskUsage(daemon.client)).length > 0);
  const pruned = [];
  for await (const record of prune(daemon.client, { isAll: true })) pruned.push(record);
  t.true(pruned.length > 0);
  t.deepEqual(await diskUsage(daemon.client), []);
});
