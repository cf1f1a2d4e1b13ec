import { setTimeout as sleep } from 'node:timers/promises';

import { waitUntil } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import type { WorkerMember } from '../cluster/our-processes.js';
import type { ServiceName } from '../cluster/wires.js';
import { findOwner } from './damage.js';
import { at, type Scenario, wantAttempt } from './scenario.js';

const LONG = { lines: 40, pauseSeconds: 0.25 };
const SERVICES: readonly ServiceName[] = ['postgres', 'redis', 'registry'];

/** The worker that runs a build. */
async function startOn(bench: Bench, program = LONG): Promise<WorkerMember> {
  const build = await bench.submit(program);
  await bench.waitUntilItRuns(build);
  return findOwner(bench, build);
}

const slowScenario = (service: ServiceName, index: number): Scenario => ({
  row: `28${'abc'[index]}`,
  title: `answers of ${service} take 200 to 500 ms longer`,
  run: async (bench) => {
    const parts = [...bench.cluster.apis, ...bench.cluster.workers];
    for (const { wires } of parts) wires[service].slow({ delayMs: 100, jitterMs: 150 });
    await Promise.all([bench.submit(), bench.submit()]);
    await bench.settle();
    for (const { wires } of parts) wires[service].heal();
  },
});

const slicedScenario = (service: ServiceName, index: number): Scenario => ({
  row: `31${'abc'[index]}`,
  title: `what goes to ${service} and comes from it is cut into pieces of 200 bytes`,
  run: async (bench) => {
    const parts = [...bench.cluster.apis, ...bench.cluster.workers];
    for (const { wires } of parts) wires[service].slow({ sliceBytes: 200 });
    await Promise.all([bench.submit(), bench.submit()]);
    await bench.settle();
    for (const { wires } of parts) wires[service].heal();
  },
});

/** Wires that are slow, thin, cut, or lead into a black hole. */
export const NETWORK_SCENARIOS: readonly Scenario[] = [
  ...SERVICES.map(slowScenario),
  {
    row: '29',
    title: 'the wire to the registry is thin',
    run: async (bench) => {
      at(bench.cluster.workers, 0).wires.registry.slow({ bytesPerSecond: 300_000 });
      await bench.submit();
      await bench.settle();
      at(bench.cluster.workers, 0).wires.registry.heal();
    },
  },
  {
    row: '30',
    title: 'connections to Postgres and Redis are cut every half second',
    isQuick: true,
    run: async (bench) => {
      const submitted = Promise.all([bench.submit(), bench.submit(), bench.submit()]);
      for (let cuts = 0; cuts < 16; cuts++) {
        await sleep(500);
        for (const { wires } of [...bench.cluster.apis, ...bench.cluster.workers]) {
          wires.postgres.cut();
          wires.redis.cut();
        }
      }
      await submitted;
    },
  },
  ...SERVICES.map(slicedScenario),
  {
    row: '32',
    title: 'a black hole between a worker and Postgres: it gives its build up before another one takes it',
    cluster: { workers: 2 },
    complain: wantAttempt(2),
    run: async (bench) => {
      const worker = await startOn(bench);
      worker.wires.postgres.freeze();
      await waitUntil(async () => (await bench.store.builds.list(APP, { limit: 1 })).every((b) => b.attempt > 1), {
        what: 'another worker takes the build',
      });
      await bench.settle();
      worker.wires.postgres.heal();
    },
  },
  {
    row: '32a',
    title: 'a black hole between a worker and Redis: its build goes on',
    cluster: { workers: 2 },
    complain: wantAttempt(1),
    run: async (bench) => {
      const worker = await startOn(bench);
      worker.wires.redis.freeze();
      await bench.settle();
      worker.wires.redis.heal();
    },
  },
  {
    row: '32b',
    title: 'Postgres fails over and says no goodbye: a build goes on, and its lease is renewed',
    // That of production, which is longer than a query may take; and the build is longer than that.
    cluster: { leaseSeconds: 30 },
    complain: wantAttempt(1),
    run: async (bench) => {
      const worker = await startOn(bench, { lines: 180, pauseSeconds: 0.25 });
      worker.wires.postgres.silence();
      await bench.settle();
    },
  },
  {
    row: '33',
    title: 'a worker sees the registry only: no release comes from it',
    cluster: { workers: 2 },
    complain: wantAttempt(2),
    run: async (bench) => {
      const worker = await startOn(bench);
      worker.wires.postgres.refuse();
      worker.wires.redis.refuse();
      await bench.settle();
      worker.wires.postgres.heal();
      worker.wires.redis.heal();
    },
  },
];
