import { setTimeout as sleep } from 'node:timers/promises';

import { away, cutPower } from './damage.js';
import { at, type Scenario } from './scenario.js';

const POWER_CUTS = 2;

/** Api replicas that are killed, and a rack that loses its power. */
export const API_SCENARIOS: readonly Scenario[] = [
  {
    row: '25',
    title: 'the api is killed again and again during uploads: the clients ask again',
    run: async (bench) => {
      const submitted = Promise.all(Array.from({ length: 6 }, () => bench.submit()));
      for (let kills = 0; kills < 3; kills++) {
        await sleep(bench.random.between(20, 200));
        await away(at(bench.cluster.apis, 0));
      }
      await submitted;
    },
  },
  {
    row: '25a',
    title: 'the api is killed while logs are streamed: readers find every byte again',
    isQuick: true,
    run: async (bench) => {
      await bench.waitUntilItRuns(await bench.submit({ lines: 20 }));
      await away(at(bench.cluster.apis, 0));
      await sleep(1000);
      await away(at(bench.cluster.apis, 0));
    },
  },
  {
    row: '26',
    title: 'the power is cut, and everything starts in random order',
    cluster: { apis: 2, workers: 2, maxLostWorkers: 10 },
    isQuick: true,
    run: async (bench) => {
      await Promise.all(Array.from({ length: 6 }, () => bench.submit()));
      for (let cuts = 0; cuts < POWER_CUTS; cuts++) {
        await sleep(bench.random.between(500, 3000));
        const order = bench.random.shuffle(bench.cluster.members);
        bench.say(`starting ${order.map(({ name }) => name).join(', ')}`);
        await cutPower(bench.cluster, order);
      }
    },
  },
  {
    row: '27',
    title: 'three api replicas reconcile at the same time, and one after the other is killed',
    cluster: { apis: 3, workers: 2 },
    run: async (bench) => {
      const submitted = Promise.all(Array.from({ length: 9 }, () => bench.submit()));
      for (let index = 0; index < 3; index++) await away(at(bench.cluster.apis, index));
      await submitted;
    },
  },
];
