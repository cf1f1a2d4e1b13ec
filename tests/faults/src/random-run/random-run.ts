import { setTimeout as sleep } from 'node:timers/promises';

import { isFinalState } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';
import { createRandom } from '@convox-builds/testing';

import { type AcceptedBuild, APP, type Bench } from '../bench/bench.js';
import type { Scenario } from '../scenarios/scenario.js';
import { damageAtRandom } from './random-damage.js';

const BUILDS_AT_ONCE = 8;
const CANCEL_ONE_IN = 20;
const END_WITHIN_MS = 180_000;
const POLL_MS = 500;

async function waitForEnd({ store }: Bench, { id }: AcceptedBuild): Promise<void> {
  const deadline = performance.now() + END_WITHIN_MS;
  while (performance.now() < deadline) {
    // The database may be away just now.
    const build = await store.builds.find(APP, id).catch(() => undefined);
    if (build !== undefined && isFinalState(build.state)) return;
    await sleep(POLL_MS);
  }
}

/** Whether and what to cancel is drawn apart, so that the row of damages is the same for a seed, however fast builds are. */
async function buildMany(bench: Bench, wanted: number, seed: number): Promise<void> {
  const random = createRandom(seed + 1);
  let left = wanted;
  const buildOn = async () => {
    while (left-- > 0) {
      const build = await bench.submit({ lines: random.between(1, 20), pauseSeconds: 0.2 });
      if (random.between(1, CANCEL_ONE_IN) === 1) await bench.cancel(build);
      await waitForEnd(bench, build);
    }
  };
  await Promise.all(Array.from({ length: BUILDS_AT_ONCE }, buildOn));
}

function count(builds: readonly BuildRecord[]): string {
  const ends = new Map<string, number>();
  for (const { state, failureClass } of builds) {
    const end = `${state} ${failureClass}`.trim();
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  return [...ends].map(([end, number]) => `${number} ${end}`).join(', ');
}

/** Many small builds, and random damage to every part while they are built. */
export function randomRun({
  builds,
  seed,
  say,
}: {
  builds: number;
  seed: number;
  say: (text: string) => void;
}): Scenario {
  return {
    row: '51',
    title: `${builds} builds while everything is damaged at random`,
    cluster: { apis: 2, workers: 2, maxLostWorkers: 100 },
    run: async (bench) => {
      const built = new AbortController();
      const damage = damageAtRandom(bench, built.signal);
      await buildMany(bench, builds, seed);
      built.abort();
      await damage;
    },
    complain: (records) => {
      say(`${records.length} builds: ${count(records)}`);
      return records.filter(({ state }) => state === 'failed').map(({ id, reason }) => `build ${id} failed: ${reason}`);
    },
  };
}
