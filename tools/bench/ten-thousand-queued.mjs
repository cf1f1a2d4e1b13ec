import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createDiskObjectStorage, createStore, NO_OPTIONS } from '@convox-builds/store';

import { forget } from './forget.mjs';
import { summariseLatencies } from './measure.mjs';
import { createRackApi } from './rack-api.mjs';
import { startRack } from './start-rack.mjs';

const [MANY, OTHER] = ['many', 'other'];
const BUILDS = 10_000;
const SLOTS = 2;
const REQUESTS = 300;
const MAX_ANSWER_MS = 50;
const DOCKERFILE = `FROM busybox
RUN sleep 5
`;
const NO_CACHE = { ...NO_OPTIONS, noCache: true };

/** Records what waits, and waits until every slot is taken; to ask for it over HTTP would take minutes and be the same. */
async function fillQueue({ databaseUrl }, { folder, source, signal }) {
  const store = createStore({ databaseUrl, objects: createDiskObjectStorage({ folder: join(folder, 'unused') }) });
  let left = BUILDS;
  const record = async () => {
    const build = { app: MANY, source, options: NO_CACHE, description: '', gitSha: '' };
    while (left-- > 0) await store.builds.create(build);
  };
  await Promise.all(Array.from({ length: 8 }, record));
  while ((await store.builds.countActive()).running.interactive < SLOTS) await sleep(100, undefined, { signal });
  await store.close();
}

/** Asks again and again, one request after the other. */
async function timeRequests(ask, signal) {
  const ms = [];
  for (let request = 0; request < REQUESTS; request++) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    await ask(request);
    ms.push(performance.now() - startedAt);
  }
  return summariseLatencies(ms);
}

const tookMs = ({ started, ended }) => Date.parse(ended) - Date.parse(started);

/** A single build of another app: how long it waits, and how long it keeps its slot, as those before it did. */
async function timeOther(api, { url, rounds, signal }) {
  const waits = [];
  const turns = [];
  for (let round = 0; round < rounds; round++) {
    signal.throwIfAborted();
    const { id } = await api.createBuild(OTHER, { url, 'no-cache': 'true' });
    const acceptedAt = Date.now();
    const { state, reason, attempts } = await api.follow(OTHER, id, forget());
    if (state !== 'complete') throw new Error(`Build ${id} is ${state}: ${reason}`);
    waits.push(Math.max(0, Date.parse(attempts[0].started) - acceptedAt));
    turns.push(tookMs(attempts[0]));
  }
  const [ours, peer] = [summariseLatencies(waits), summariseLatencies(turns)];
  return { ours, peer, value: ours.max / peer.max };
}

/** What the load of one app is to its own requests, and to another app. */
export const tenThousandQueued = {
  name: 'ten-thousand-queued',
  title: `${BUILDS} builds of one app wait for ${SLOTS} slots`,
  run: async ({ folder, rounds, signal }) => {
    const context = join(folder, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(context, 'convox.yml'), 'services:\n  web:\n    build: .\n');
    const rack = await startRack(folder, { BUILD_SLOTS: String(SLOTS) });
    try {
      const api = createRackApi(rack);
      for (const app of [MANY, OTHER]) await api.createApp(app);
      const source = await api.upload(MANY, context);
      await fillQueue(rack, { folder, source, signal });
      const ids = [];
      const post = await timeRequests(async () => ids.push((await api.createBuild(MANY, { url: source })).id), signal);
      const get = await timeRequests((request) => api.getBuild(MANY, ids[request]), signal);
      const start = await timeOther(api, { url: await api.upload(OTHER, context), rounds, signal });
      const answer = { unit: 'milliseconds', goal: MAX_ANSWER_MS };
      return [
        { ...answer, title: 'POST of a build while 10,000 of its app wait', ours: post, value: post.p99 },
        { ...answer, title: 'GET of a build behind 10,000 of its app', ours: get, value: get.p99 },
        { unit: 'ratio', goal: 1, title: 'the wait of another app, next to one turn of a slot', ...start },
      ];
    } finally {
      await rack.stop();
    }
  },
};
