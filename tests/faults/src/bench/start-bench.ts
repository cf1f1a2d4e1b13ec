import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { isFinalState } from '@convox-builds/domain';
import { createStore, objectStorageSchema, openObjectStorage, type Store } from '@convox-builds/store';
import { COUNTED_LINE, type Random, waitUntil } from '@convox-builds/testing';

import { type ClusterOptions, startCluster } from '../cluster/start-cluster.js';
import { APP, type Bench } from './bench.js';
import { SECRET_NAME } from './create-archive.js';
import { createRackClient } from './rack-client.js';
import { createSubmitter } from './submit-builds.js';

/** A lease and what it takes to build once more, on a machine that is busy. */
const SETTLE_WITHIN_MS = 60_000;
const POLL_MS = 250;
const ALL = 100_000;

/** What a bench is started with. */
export interface BenchOptions extends ClusterOptions {
  readonly random: Random;
  readonly say: (text: string) => void;
}

/** Waits until every build has ended. What has not by then is the checker's to name. */
async function settle(store: Store, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const builds = await store.builds.list(APP, { limit: ALL }).catch(() => undefined);
    if (builds?.every(({ state }) => isFinalState(state))) return;
    await sleep(POLL_MS);
  }
}

async function hasStarted(store: Store, id: string): Promise<boolean> {
  const chunks = await store.logs.read(id, { afterSeq: 0, limit: ALL });
  return chunks.some(({ bytes }) => bytes.includes(COUNTED_LINE));
}

/** Starts a cluster and makes an app on it, whose environment has a secret. */
export async function startBench({ random, say, ...options }: BenchOptions): Promise<Bench> {
  const cluster = await startCluster(options);
  const client = createRackClient(cluster);
  const objects = await openObjectStorage(objectStorageSchema.parse(cluster.objects));
  const store = createStore({ databaseUrl: cluster.services.urls.postgres, objects });
  const submitter = createSubmitter(cluster, client);
  const stop = async () => {
    await submitter.stop();
    await store.close();
    await cluster.stop();
  };
  const secret = `canary-${randomBytes(12).toString('hex')}`;
  try {
    await client.postPatiently('/apps', new URLSearchParams({ name: APP, generation: '3' }));
    await client.postPatiently(`/apps/${APP}/releases`, new URLSearchParams({ env: `${SECRET_NAME}=${secret}` }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...submitter,
    cluster,
    client,
    store,
    random,
    secret,
    waitUntilItRuns: ({ id }) => waitUntil(() => hasStarted(store, id), { what: `build ${id} runs` }),
    settle: (withinMs = SETTLE_WITHIN_MS) => settle(store, withinMs),
    say,
    stop,
  };
}
