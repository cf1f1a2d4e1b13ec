import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { isFinalState } from '@convox-builds/domain';
import { createDiskObjectStorage, createStore } from '@convox-builds/store';
import { COUNTED_LINE, waitUntil } from '@convox-builds/testing';

import { type ClusterOptions, startCluster } from '../cluster/start-cluster.js';
import type { Random } from '../random.js';
import { type AcceptedBuild, APP, type Bench } from './bench.js';
import { createArchive, SECRET_NAME, type StepSize } from './create-archive.js';
import { followLog, type SeenStream } from './follow-log.js';
import { createRackClient, RefusedError } from './rack-client.js';

const SIZE: StepSize = { lines: 8, pauseSeconds: 0.25 };
const SETTLE_WITHIN_MS = 120_000;
const POLL_MS = 250;
const ALL = 100_000;

/** What a bench is started with. */
export interface BenchOptions extends ClusterOptions {
  readonly random: Random;
  readonly say: (text: string) => void;
}

/** Starts a cluster and makes an app on it, whose environment has a secret. */
export async function startBench({ random, say, ...options }: BenchOptions): Promise<Bench> {
  const cluster = await startCluster(options);
  const client = createRackClient(cluster);
  const objects = createDiskObjectStorage({ folder: `${cluster.folder}/objects` });
  const store = createStore({ databaseUrl: cluster.services.urls.postgres, objects });
  const secret = `canary-${randomBytes(12).toString('hex')}`;
  const accepted: AcceptedBuild[] = [];
  const stopping = new AbortController();
  const followers: Promise<void>[] = [];
  const archives = new Map<string, Promise<Buffer>>();

  const archiveOf = (size: StepSize) => {
    const key = JSON.stringify(size);
    const archive = archives.get(key) ?? createArchive(cluster.folder, size);
    archives.set(key, archive);
    return archive;
  };

  async function create(size: StepSize): Promise<string> {
    const answer = await client.postPatiently(`/apps/${APP}/objects/`, await archiveOf(size));
    const { Url: url } = JSON.parse(answer) as { Url: string };
    const mark = `${cluster.folder}#${randomBytes(6).toString('hex')}`;
    const form = new URLSearchParams({ url, 'build-args-json': JSON.stringify([`MARK=${mark}`]) });
    const { id } = JSON.parse(await client.postPatiently(`/apps/${APP}/builds`, form)) as { id: string };
    return id;
  }

  const cancelled = new Set<string>();

  const submit: Bench['submit'] = async (given = {}) => {
    const size = { ...SIZE, ...given };
    const id = await create(size);
    const streams: SeenStream[] = [];
    const isCancelled = () => cancelled.has(id);
    const build = { id, lines: size.lines, acceptedAt: new Date(), isCancelled, streams };
    accepted.push(build);
    const target = { app: APP, buildId: id, replica: accepted.length };
    const onStream = (stream: SeenStream) => void streams.push(stream);
    followers.push(followLog(cluster, target, { signal: stopping.signal, onStream }));
    return build;
  };

  const cancel: Bench['cancel'] = async ({ id }) => {
    try {
      await client.postPatiently(`/apps/${APP}/builds/${id}/cancel`, new URLSearchParams());
      cancelled.add(id);
    } catch (error) {
      // It has ended already.
      if (!(error instanceof RefusedError && error.status === 409)) throw error;
    }
  };

  const hasStarted = async (id: string) =>
    (await store.logs.read(id, { afterSeq: 0, limit: ALL })).some(({ bytes }) => bytes.includes(COUNTED_LINE));

  async function settle(withinMs = SETTLE_WITHIN_MS): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const builds = await store.builds.list(APP, { limit: ALL }).catch(() => undefined);
      if (builds?.every(({ state }) => isFinalState(state))) return;
      // What has not ended by then is the checker's to name.
      if (performance.now() > deadline) return;
      await sleep(POLL_MS);
    }
  }

  const stop = async () => {
    stopping.abort();
    await Promise.all(followers);
    await store.close();
    await cluster.stop();
  };

  try {
    await client.postPatiently('/apps', new URLSearchParams({ name: APP, generation: '3' }));
    await client.postPatiently(`/apps/${APP}/releases`, new URLSearchParams({ env: `${SECRET_NAME}=${secret}` }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    cluster,
    client,
    store,
    random,
    secret,
    accepted,
    submit,
    cancel,
    waitUntilItRuns: ({ id }) => waitUntil(() => hasStarted(id), { what: `build ${id} runs` }),
    settle,
    say,
    stop,
  };
}
