import { setTimeout as sleep } from 'node:timers/promises';

import { migrateStore } from '@convox-builds/store';

import type { Bench } from '../bench/bench.js';
import type { OurMember } from '../cluster/our-processes.js';
import { type Scenario, wantNoFailure } from './scenario.js';

const SIZE = { lines: 12, pauseSeconds: 0.5 };
/** For how long versions run side by side after each step. */
const SIDE_BY_SIDE_MS = 4000;
const BUILDS_A_STEP = 4;

async function submitSome(bench: Bench): Promise<void> {
  await Promise.all(Array.from({ length: BUILDS_A_STEP }, () => bench.submit(SIZE)));
}

/** The tables first, as a chart does it, then one process after the other; builds come, run and are cancelled all the time. */
async function upgrade(bench: Bench, members: readonly OurMember[]): Promise<void> {
  await submitSome(bench);
  await migrateStore(bench.cluster.services.urls.postgres);
  await submitSome(bench);
  await sleep(SIDE_BY_SIDE_MS);
  for (const member of members) {
    await member.upgrade();
    bench.say(`${member.name} is of this version`);
    await bench.cancel(await bench.submit(SIZE));
    await submitSome(bench);
    await sleep(SIDE_BY_SIDE_MS);
  }
}

/** A rack of another version that becomes one of this. */
export const UPGRADE_SCENARIOS: readonly Scenario[] = [
  {
    row: '56',
    title: 'a rack is upgraded while it builds: workers first, then api replicas',
    cluster: { apis: 2, workers: 2, drainGraceSeconds: 20 },
    isUpgrade: true,
    complain: wantNoFailure,
    run: async (bench) => {
      const { apis, workers } = bench.cluster;
      await upgrade(bench, [...workers, ...apis]);
    },
  },
  {
    row: '56a',
    title: 'a rack is upgraded while it builds: api replicas first, then workers',
    cluster: { apis: 2, workers: 2, drainGraceSeconds: 1 },
    isUpgrade: true,
    complain: wantNoFailure,
    run: async (bench) => {
      const { apis, workers } = bench.cluster;
      await upgrade(bench, [...apis, ...workers]);
    },
  },
];
