import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type BuildRecord, NO_OPTIONS } from '@convox-builds/store';
import { waitUntil } from '@convox-builds/testing';

import type { Bench } from '../bench/bench.js';
import { authorization, replicaUrl } from '../bench/rack-client.js';
import { askRedis } from './damage.js';
import type { Scenario } from './scenario.js';

const DRAINED_WITHIN_MS = 600_000;
const MANY = 10_000;
const FEW = 10;
const MAX_REDIS_BYTES = 20_000_000;
const ALL = 100_000;

const createApp = ({ client }: Bench, name: string) =>
  client.postPatiently('/apps', new URLSearchParams({ name, generation: '3' }));

/** Records builds of an app that nothing is ever built of: workers of these scenarios do it on paper. */
async function queueBuilds({ store }: Bench, app: string, count: number): Promise<void> {
  let left = count;
  const build = { app, source: `object://${app}/x`, options: NO_OPTIONS, description: '', gitSha: '' };
  const createOn = async () => {
    while (left-- > 0) await store.builds.create(build);
  };
  await Promise.all(Array.from({ length: 8 }, createOn));
}

async function time<T>(what: string, { say }: Bench, act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await act();
  say(`${what}: ${Math.round(performance.now() - startedAt)} ms`);
  return result;
}

/** Where the last build of an app stands in the order in which all were started, from 0. */
function lastTurn(started: readonly BuildRecord[], app: string): number {
  return started.findLastIndex((build) => build.app === app);
}

async function assertRedisIsSmall(bench: Bench): Promise<void> {
  const info = String(await askRedis(bench.cluster, 'INFO', 'memory'));
  const bytes = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? Number.POSITIVE_INFINITY);
  bench.say(`Redis uses ${Math.round(bytes / 1e6)} MB`);
  if (bytes > MAX_REDIS_BYTES) throw new Error(`Redis uses ${bytes} bytes`);
}

async function drainThousands(bench: Bench): Promise<void> {
  const { cluster, store } = bench;
  await Promise.all(cluster.workers.map((worker) => worker.kill()));
  for (const app of ['many', 'single', 'few']) await createApp(bench, app);
  await time(`${MANY} builds are recorded`, bench, () => queueBuilds(bench, 'many', MANY));
  await queueBuilds(bench, 'single', 1);
  await queueBuilds(bench, 'few', FEW);
  const [last] = await store.builds.list('many', { limit: 1 });
  await time('the position of the last one', bench, () => store.queue.describeWait(last?.id ?? ''));
  await Promise.all(cluster.workers.map((worker) => worker.start()));
  await assertRedisIsSmall(bench);
  const isDrained = async () =>
    (await store.builds.list('many', { limit: 1 })).every(({ state }) => state === 'complete');
  await time('all are complete', bench, () =>
    waitUntil(async () => (await isDrained()) && (await countUnfinished(bench)) === 0, {
      what: 'the queue is empty',
      timeoutMs: DRAINED_WITHIN_MS,
    }),
  );
}

async function countUnfinished({ store }: Bench): Promise<number> {
  const builds = await store.builds.list('many', { limit: ALL });
  return builds.filter(({ state }) => state !== 'complete').length;
}

async function assertTurns({ store, cluster, say }: Bench): Promise<void> {
  const lists = await Promise.all(['many', 'single', 'few'].map((app) => store.builds.list(app, { limit: ALL })));
  const builds = lists.flat();
  const lost =
    MANY + 1 + FEW - builds.filter(({ state, releaseId }) => state === 'complete' && releaseId !== '').length;
  if (lost > 0) throw new Error(`${lost} builds are not complete`);
  const started = builds.toSorted((a, b) => Number(a.startedAt) - Number(b.startedAt));
  const slots = cluster.settings.slots * cluster.workers.length;
  const [single, few] = [lastTurn(started, 'single'), lastTurn(started, 'few')];
  say(`the single one was number ${single + 1}, the last of the few number ${few + 1}; there are ${slots} slots`);
  if (single >= 2 * slots || few >= 3 * FEW + 2 * slots) throw new Error('An app waits behind the load of another one');
}

const REQUESTS = 300;
const REPEATED = 3;

/** Sends each of many requests three times at once, to both replicas. */
async function repeatRequests({ client, store, ...bench }: Bench): Promise<void> {
  await createApp({ client, store, ...bench }, 'repeated');
  const { Url: url } = JSON.parse(await client.postPatiently('/apps/repeated/objects/', Buffer.from('x'))) as {
    Url: string;
  };
  const post = async (key: string, replica: number) => {
    const headers = { 'idempotency-key': key };
    const answer = await client.post('/apps/repeated/builds', new URLSearchParams({ url }), { replica, headers });
    return (JSON.parse(answer) as { id: string }).id;
  };
  for (let request = 0; request < REQUESTS; request++) {
    const ids = await Promise.all(
      Array.from({ length: REPEATED }, (_, replica) => post(`request-${request}`, replica)),
    );
    if (new Set(ids).size !== 1) throw new Error(`One request, and the builds ${ids.join(', ')}`);
  }
  const builds = await store.builds.list('repeated', { limit: ALL });
  if (builds.length !== REQUESTS) throw new Error(`${REQUESTS} requests, and ${builds.length} builds`);
}

const UPLOADS = 200;
const UPLOAD_BYTES = 2_000_000;
const SLOW_CLIENTS = 20;
const CUT_WITHIN_MS = 90_000;

/** Uploads ten bytes a second, and resolves when the api has had enough of it. */
async function uploadSlowly({ cluster }: Bench): Promise<void> {
  const { hostname, port } = new URL(replicaUrl(cluster, 0));
  const socket = connect(Number(port), hostname);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.resume();
  const headers = `Host: x\r\nAuthorization: ${authorization(cluster)}\r\nContent-Length: 1000000`;
  socket.write(`POST /apps/faults/objects/ HTTP/1.1\r\n${headers}\r\n\r\n`);
  const timer = setInterval(() => socket.write('0123456789'), 1000);
  const late = setTimeout(() => socket.destroy(new Error('late')), CUT_WITHIN_MS);
  let isLate = false;
  socket.once('error', ({ message }) => {
    isLate = message === 'late';
  });
  await closed;
  clearInterval(timer);
  clearTimeout(late);
  if (isLate) throw new Error('A client that uploads ten bytes a second was never cut off');
}

async function askHealth({ cluster, say }: Bench, signal: AbortSignal): Promise<void> {
  let worst = 0;
  while (!signal.aborted) {
    const askedAt = performance.now();
    const response = await fetch(`${replicaUrl(cluster, 0)}/health/live`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`The api says that it is not well: ${response.status}`);
    worst = Math.max(worst, performance.now() - askedAt);
    await sleep(100);
  }
  say(`health was answered within ${Math.round(worst)} ms`);
}

async function uploadALot(bench: Bench): Promise<void> {
  const slow = Array.from({ length: SLOW_CLIENTS }, () => uploadSlowly(bench));
  const over = new AbortController();
  const health = askHealth(bench, over.signal);
  const body = Buffer.alloc(UPLOAD_BYTES, 'x');
  await time(`${UPLOADS} uploads of ${UPLOAD_BYTES} bytes`, bench, () =>
    Promise.all(Array.from({ length: UPLOADS }, () => bench.client.postPatiently('/apps/faults/objects/', body))),
  );
  over.abort();
  await Promise.all([health, ...slow]);
}

/** More of everything than is usual. */
export const LOAD_SCENARIOS: readonly Scenario[] = [
  {
    row: '45',
    title: `${UPLOADS} uploads at once, and ${SLOW_CLIENTS} clients that send ten bytes a second: those are cut off`,
    run: uploadALot,
  },
  {
    row: '46',
    title: `${MANY} builds of one app, ${FEW} of another, one of a third: all are built, and each app has its turn`,
    cluster: { workers: 2, isOnPaper: true },
    run: async (bench) => {
      await drainThousands(bench);
      await assertTurns(bench);
    },
  },
  {
    row: '49',
    title: `${REQUESTS} requests, each sent ${REPEATED} times at once to different replicas, are as many builds`,
    cluster: { apis: 3, isOnPaper: true },
    run: repeatRequests,
  },
];
