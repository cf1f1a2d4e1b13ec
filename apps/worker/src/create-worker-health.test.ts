import { createBuildkitClient } from '@convox-builds/buildkit-client';
import { startFakeBuildkitd } from '@convox-builds/buildkit-client/testing';
import { createLogger } from '@convox-builds/runtime';
import test from 'ava';

import { createWorkerHealth } from './create-worker-health.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const well = async () => {};

test('createWorkerHealth(): needs its daemon and the database until it drains', async (t) => {
  const daemon = await startFakeBuildkitd();
  const client = createBuildkitClient({ address: daemon.address });
  t.teardown(() => client.close());
  const buildkitd = { client: async () => client };
  const drain = new AbortController();
  let checkDatabase = well;
  const store = { checkHealth: () => checkDatabase() };
  const health = createWorkerHealth({ store, buildkitd, logger, signal: drain.signal });
  t.deepEqual(await health.report(), { isReady: true, text: 'ok\n' });
  checkDatabase = () => Promise.reject(new Error('away'));
  t.deepEqual(await health.report(), { isReady: false, text: 'database does not answer\n' });
  checkDatabase = well;
  await daemon.stop();
  t.deepEqual(await health.report(), { isReady: false, text: 'buildkitd does not answer\n' });
  drain.abort();
  t.deepEqual(await health.report(), { isReady: true, text: 'draining\n' });
});

test('createWorkerHealth(): is not ready while the daemon is started again', async (t) => {
  const buildkitd = { client: () => new Promise<never>(() => {}) };
  const { signal } = new AbortController();
  const health = createWorkerHealth({ store: { checkHealth: well }, buildkitd, logger, signal });
  t.deepEqual(await health.report(), { isReady: false, text: 'buildkitd does not answer\n' });
});
