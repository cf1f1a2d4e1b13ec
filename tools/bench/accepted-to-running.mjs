import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startRedis } from '@convox-builds/testing';
import { Queue, QueueEvents, Worker } from 'bullmq';

import { forget } from './forget.mjs';
import { summariseLatencies } from './measure.mjs';
import { createRackApi } from './rack-api.mjs';
import { startRack } from './start-rack.mjs';

const APP = 'bench';
const REQUESTS = 200;
/** As often as this both are asked before it counts. */
const WARM_UP = 10;

/** How long after the answer of the rack a worker had claimed the build; both clocks are this machine's. */
async function timeRack(api, url) {
  const { id } = await api.createBuild(APP, { url });
  const answeredAt = Date.now();
  const { attempts } = await api.follow(APP, id, forget());
  return Math.max(0, Date.parse(attempts[0].started) - answeredAt);
}

/** A queue of BullMQ with a worker, as its manual has it. */
function openQueue(connection) {
  const started = new Map();
  const queue = new Queue('bench', { connection });
  const worker = new Worker('bench', async ({ id }) => void started.set(id, Date.now()), { connection });
  const events = new QueueEvents('bench', { connection });
  return {
    ready: () => Promise.all([worker.waitUntilReady(), events.waitUntilReady()]),
    /** How long after the answer of add() the job was active. */
    time: async () => {
      const job = await queue.add('build', {});
      const answeredAt = Date.now();
      await job.waitUntilFinished(events);
      return Math.max(0, started.get(job.id) - answeredAt);
    },
    close: () => Promise.all([worker.close(), queue.close(), events.close()]),
  };
}

/** Asks both in turn, one request after the other: nothing waits for anything else. */
async function measure({ api, queue, url, signal }) {
  const times = { ours: [], peer: [] };
  for (let request = -WARM_UP; request < REQUESTS; request++) {
    signal.throwIfAborted();
    const ours = await timeRack(api, url);
    const peer = await queue.time();
    if (request < 0) continue;
    times.ours.push(ours);
    times.peer.push(peer);
  }
  return { ours: summariseLatencies(times.ours), peer: summariseLatencies(times.peer) };
}

/** What it costs that the database, and not Redis, is the queue. */
export const acceptedToRunning = {
  name: 'accepted-to-running',
  title: 'accepted → running on an idle rack, next to BullMQ: added → active',
  unit: 'more milliseconds',
  goal: 100,
  run: async ({ folder, signal }) => {
    const context = join(folder, 'context');
    mkdirSync(context, { recursive: true });
    // Without a convox.yml a build ends as soon as it has begun.
    writeFileSync(join(context, 'README.md'), 'Nothing is built of this.\n');
    const redis = await startRedis();
    const rack = await startRack(folder, { REDIS_URL: redis.url });
    const queue = openQueue({ url: redis.url, maxRetriesPerRequest: null });
    try {
      const api = createRackApi(rack);
      await api.createApp(APP);
      await queue.ready();
      const { ours, peer } = await measure({ api, queue, url: await api.upload(APP, context), signal });
      return { value: ours.p99 - peer.p99, ours, peer };
    } finally {
      await queue.close();
      await rack.stop();
      await redis.stop();
    }
  },
};
