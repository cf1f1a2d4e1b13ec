import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Bench } from '../bench/bench.js';
import { askRedis, away } from './damage.js';
import { at, type Scenario } from './scenario.js';

const LONG = { lines: 40, pauseSeconds: 0.25 };

/** A running build and three that wait: one slot, so that a fault meets both. */
async function startSome(bench: Bench, size = {}): Promise<void> {
  const first = await bench.submit(size);
  await Promise.all([bench.submit(), bench.submit(), bench.submit()]);
  await bench.waitUntilItRuns(first);
}

/** Redis, Postgres and the registry: killed, emptied, frozen, full. */
export const SERVICE_SCENARIOS: readonly Scenario[] = [
  {
    row: '19',
    title: 'Redis is killed while builds wait and run',
    cluster: { slots: 1 },
    run: async (bench) => {
      await startSome(bench);
      await away(bench.cluster.services.redis, { ms: 2000 });
      await bench.submit();
    },
  },
  {
    row: '20',
    title: 'Redis is emptied while builds wait and run',
    cluster: { slots: 1 },
    run: async (bench) => {
      await startSome(bench);
      await askRedis(bench.cluster, 'FLUSHALL');
    },
  },
  {
    row: '20a',
    title: 'Redis loses its disk while builds wait and run',
    isQuick: true,
    cluster: { slots: 1 },
    run: async (bench) => {
      const { services } = bench.cluster;
      await startSome(bench);
      await services.redis.kill();
      for (const name of await readdir(services.redisFolder)) {
        await rm(join(services.redisFolder, name), { recursive: true });
      }
      await services.redis.start();
    },
  },
  {
    row: '21',
    title: 'Redis freezes: the api goes on accepting',
    cluster: { slots: 1 },
    run: async (bench) => {
      const { redis } = bench.cluster.services;
      await startSome(bench);
      redis.pause();
      const accepted = bench.submit();
      await Promise.race([accepted, sleep(8000)]);
      const isAccepted = bench.accepted.length === 5;
      redis.resume();
      await accepted;
      if (!isAccepted) throw new Error('The api did not accept a build while Redis was frozen');
    },
  },
  {
    row: '22',
    title: 'Redis has no memory left: the api goes on accepting, and everything is built when it has some again',
    cluster: { slots: 1 },
    run: async (bench) => {
      await startSome(bench);
      await askRedis(bench.cluster, 'CONFIG', 'SET', 'maxmemory', '1');
      await Promise.all([bench.submit(), bench.submit()]);
      await sleep(5000);
      await askRedis(bench.cluster, 'CONFIG', 'SET', 'maxmemory', '0');
    },
  },
  {
    row: '23',
    title: 'Postgres is killed and comes back at once',
    isQuick: true,
    run: async (bench) => {
      await startSome(bench);
      await away(bench.cluster.services.postgres);
      await bench.submit();
    },
  },
  {
    row: '23a',
    title: 'Postgres is away for 20 seconds',
    run: async (bench) => {
      await startSome(bench, LONG);
      await away(bench.cluster.services.postgres, { ms: 20_000 });
    },
  },
  {
    row: '24',
    title: 'the registry is away for 20 seconds while images are pushed',
    run: async (bench) => {
      await startSome(bench);
      await away(bench.cluster.services.registry, { ms: 20_000 });
    },
  },
  {
    row: '24a',
    title: 'the connections to the registry are cut in mid-push',
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      worker.wires.registry.slow({ bytesPerSecond: 400_000 });
      const build = bench.submit({ lines: 2 });
      await bench.waitUntilItRuns(await build);
      let reset = 0;
      for (let cuts = 0; cuts < 8; cuts++) {
        await sleep(250);
        reset += worker.wires.registry.cut();
      }
      worker.wires.registry.heal();
      if (reset === 0) throw new Error('Cannot tell anything: there was no connection to cut');
    },
  },
  {
    row: '24b',
    title: 'the registry is away at the moment when the tags are written',
    cluster: { workerFault: 'after-commit:stop' },
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      await bench.submit();
      // The release is there, and the worker stands just behind it.
      await bench.settle();
      worker.wires.registry.refuse();
      worker.resume();
      await sleep(5000);
      worker.wires.registry.heal();
    },
  },
];
