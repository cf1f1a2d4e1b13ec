import { setTimeout as sleep } from 'node:timers/promises';

import { createRandom } from '@convox-builds/testing';

import { type Ends, readEnds } from './read-ends.js';
import { type Load, readLoad } from './read-load.js';
import { planDay } from './plan-day.js';
import { type DayOfClients, runDay } from './run-day.js';
import { type RackSize, startRack } from './start-rack.js';

const DAY_SECONDS = 24 * 3600;
const SAMPLE_EVERY_MS = 5000;
/** Retries and leases are not faster than in life: a build may lose two workers, or wait for its fourth retry. */
const END_WITHIN_MS = 240_000;

/** What is simulated. */
export interface Simulation extends RackSize {
  readonly builds: number;
  readonly apps: number;
  /** How long the day takes. */
  readonly seconds: number;
  readonly seed: number;
  /** When a process of workers is killed, as a part of the day; never, when it is not said. */
  readonly losesWorkersAt?: number;
}

/** What was found. */
export interface Figures {
  readonly clients: DayOfClients;
  readonly ends: Ends;
  /** Every few seconds. */
  readonly samples: readonly (Load & { readonly atMs: number })[];
}

/** Runs a day of builds on a rack of its own, until every build has ended. */
export async function simulate(simulation: Simulation, say: (text: string) => void = () => {}): Promise<Figures> {
  const { builds, apps, seconds, seed, losesWorkersAt } = simulation;
  const day = planDay({ builds, apps, random: createRandom(seed) });
  const rack = await startRack(simulation);
  say(`${simulation.workers} workers are ready`);
  const samples: (Load & { atMs: number })[] = [];
  const startedAt = performance.now();
  let isOver = false;

  async function sample(): Promise<Load> {
    const load = await readLoad(rack);
    samples.push({ ...load, atMs: performance.now() - startedAt });
    return load;
  }
  async function sampleAlways(): Promise<void> {
    while (!isOver) {
      const { queued, running } = await sample();
      say(`${Math.round((performance.now() - startedAt) / 1000)} s: ${queued} wait, ${running} run`);
      await sleep(SAMPLE_EVERY_MS);
    }
  }
  async function loseWorkers(): Promise<void> {
    if (losesWorkersAt === undefined) return;
    await sleep(losesWorkersAt * seconds * 1000);
    say('workers are lost');
    await rack.loseWorkers();
  }
  async function waitForEnds(): Promise<void> {
    const until = performance.now() + END_WITHIN_MS;
    for (;;) {
      const { queued, running } = await sample();
      if (queued + running === 0 || performance.now() > until) return;
      await sleep(SAMPLE_EVERY_MS);
    }
  }

  try {
    const sampling = sampleAlways();
    const [clients] = await Promise.all([runDay(day, { apps, speed: DAY_SECONDS / seconds }, rack), loseWorkers()]);
    isOver = true;
    await sampling;
    await waitForEnds();
    return { clients, samples, ends: await readEnds(rack.databaseUrl) };
  } finally {
    isOver = true;
    await rack.stop();
  }
}
