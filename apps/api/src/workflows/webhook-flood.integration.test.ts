import { once } from 'node:events';
import { Agent, request } from 'node:http';

import { signWebhook } from '@convox-builds/forge/testing';
import { waitUntil } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { startApiProcess, waitForApiProcess } from '../testing/start-api-process.js';
import { ENCRYPTION_KEY, PASSWORD, startTestApi } from '../testing/start-test-api.js';
import { nextCommit, watchRepository } from '../testing/watch-repository.js';

const WEBHOOKS = 1000;
const TIMES = 3;
/** So many are on their way at any time, as fast as they are answered: a slower machine gets no more of them at once. */
const CONNECTIONS = 15;
/** What is taken is recorded, and builds are begun meanwhile; an answer that waited for them would take seconds. */
const TIMES_REFUSED = 10;
const RECORDED_WITHIN_MS = 5 * 60_000;

/** The value below which so much of a list is. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}

interface Flood {
  readonly repository: string;
  readonly path: string;
  readonly secret: string;
  /** What all of them are answered. */
  readonly status: number;
}

/** Sends webhooks of pushes, each several times at once; tells how long each answer took. */
async function flood(t: ExecutionContext, port: number, { repository, path, secret, status }: Flood) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const durationsMs: number[] = [];
  const statuses = new Set<number>();
  const send = async (index: number, commit: string) => {
    const json = { repository, ref: `refs/heads/b${index}`, commit };
    const { headers, body } = signWebhook({ kind: 'generic', json, secret, deliveryId: `d${index}` });
    const startedAt = performance.now();
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent });
    sent.end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    statuses.add(response.statusCode);
    durationsMs.push(performance.now() - startedAt);
  };
  const startedAt = performance.now();
  let next = 0;
  const sendSome = async () => {
    for (let index = next++; index < WEBHOOKS; index = next++) {
      const commit = nextCommit();
      await Promise.all(Array.from({ length: TIMES }, () => send(index, commit)));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS / TIMES }, sendSome));
  agent.destroy();
  const figures = [0.5, 0.95, 1].map((part) => `${part * 100} % within ${quantile(durationsMs, part)} ms`).join(', ');
  t.log(`answers of ${durationsMs.length} webhooks in ${Math.round(performance.now() - startedAt)} ms: ${figures}`);
  t.deepEqual([...statuses], [status]);
  return { medianMs: quantile(durationsMs, 0.5), startedAt };
}

test('workflows: 1,000 webhooks, each sent three times at once, are answered about as soon as others are refused, and built once', async (t) => {
  t.timeout(2 * RECORDED_WITHIN_MS);
  const api = await startTestApi();
  t.teardown(() => api.stop());
  const flooded = await watchRepository(api, 'flooded', { branches: '**' });
  const replica = startApiProcess({
    ...{ HOST: '127.0.0.1', PORT: '0', DATABASE_URL: api.postgres.url, REDIS_URL: api.redis.url },
    ...{ OBJECTS_FOLDER: api.objectsFolder, RACK_PASSWORD: PASSWORD, ENCRYPTION_KEY },
  });
  t.teardown(() => replica.child.kill('SIGKILL'));
  const port = await waitForApiProcess(replica);
  const refused = await flood(t, port, { ...flooded, secret: 'another', status: 401 });
  const taken = await flood(t, port, { ...flooded, status: 202 });
  t.true(
    taken.medianMs < TIMES_REFUSED * refused.medianMs,
    `${taken.medianMs} ms, and ${refused.medianMs} ms when refused`,
  );

  const jobs = () => api.store.jobs.list({ workflowId: flooded.workflow.id, limit: 2 * WEBHOOKS });
  const isAllBuilding = async () => (await jobs()).filter(({ state }) => state === 'building').length === WEBHOOKS;
  await waitUntil(isAllBuilding, { timeoutMs: RECORDED_WITHIN_MS, what: 'all builds are recorded' });
  t.log(`all builds recorded after ${Math.round(performance.now() - taken.startedAt)} ms`);
  const builds = await api.store.builds.list('flooded', { limit: 2 * WEBHOOKS });
  t.is(builds.length, WEBHOOKS);
  t.is(new Set(builds.map(({ gitSha }) => gitSha)).size, WEBHOOKS);
  t.is((await api.store.receivedDeliveries.list({ limit: 2 * WEBHOOKS })).length, WEBHOOKS);
});
