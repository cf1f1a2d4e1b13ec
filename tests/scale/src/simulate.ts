import { setTimeout as sleep } from 'node:timers/promises';

import { createRandom } from '@convox-builds/testing';
import { MAX_SOLVE_SECONDS, type PlannedBuild, planDay } from './plan-day.js';
import { type Ends, readEnds } from './read-ends.js';
import { createLoadReader, type Load } from './read-load.js';
import { type ClientFigures, runBuilds } from './run-builds.js';
import { type RackSize, startRack } from './start-rack.js';

const HOUR_SECONDS = 3600;
const HOUR_MS = HOUR_SECONDS * 1000;
const SAMPLE_EVERY_MS = 5000;
/** What workers cost that have nothing to do. */
const IDLE_MS = 10_000;
/** After the longest solve: retries and leases are not faster than in life. */
const PATIENCE_MS = 240_000;

/** What is simulated: some hours of a day. */
export interface Simulation extends RackSize {
  /** Of the whole day. */
  readonly builds: number;
  readonly apps: number;
  readonly fromHour: number;
  readonly hours: number;
  /** How many seconds of the day pass in one of ours; solves are as much shorter. */
  readonly speed: number;
  readonly seed: number;
  /** When a process of workers is killed, as a part of these hours; never, when it is not said. */
  readonly losesWorkersAt?: number;
}

/** What was found. */
export interface Figures {
  readonly clients: ClientFigures;
  readonly ends: Ends;
  /** The first two with nothing to do in between, then every few seconds. */
  readonly samples: readonly (Load & { readonly atMs: number })[];
}

/** Plans the whole day, and takes the hours out of it. */
function planHours({ builds, apps, fromHour, hours, seed }: Simulation): PlannedBuild[] {
  const from = fromHour * HOUR_SECONDS;
  return planDay({ builds, apps, random: createRandom(seed) })
    .filter(({ atSeconds }) => atSeconds >= from && atSeconds < from + hours * HOUR_SECONDS)
    .map((build) => ({ ...build, atSeconds: build.atSeconds - from }));
}

/** Runs hours of builds on a rack of its own, until every build has ended. */
export async function simulate(simulation: Simulation, say: (text: string) => void = () => {}): Promise<Figures> {
  const { apps, hours, speed, losesWorkersAt } = simulation;
  const planned = planHours(simulation);
  const rack = await startRack(simulation);
  say(`${simulation.workers} workers are ready`);
  const readLoad = createLoadReader(rack);
  const samples: (Load & { atMs: number })[] = [];
  const startedAt = performance.now();
  let isOver = false;

  async function sample(): Promise<Load> {
    const load = await readLoad();
    samples.push({ ...load, atMs: performance.now() - startedAt });
    return load;
  }
  async function sampleAlways(): Promise<void> {
    while (!isOver) {
      // A database that is too busy to be asked is a finding, and no reason to end.
      const load = await sample().catch(() => undefined);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      say(`${seconds} s: ${load === undefined ? 'no answer' : `${load.queued} wait, ${load.running} run`}`);
      await sleep(SAMPLE_EVERY_MS);
    }
  }
  async function loseWorkers(): Promise<void> {
    if (losesWorkersAt === undefined) return;
    await sleep((losesWorkersAt * hours * HOUR_MS) / speed);
    say('workers are lost');
    await rack.loseWorkers();
  }
  async function waitForEnds(): Promise<void> {
    const until = performance.now() + (MAX_SOLVE_SECONDS * 1000) / speed + PATIENCE_MS;
    for (;;) {
      const { queued, running } = await sample();
      if (queued + running === 0 || performance.now() > until) return;
      await sleep(SAMPLE_EVERY_MS);
    }
  }

  try {
    await sample();
    await sleep(IDLE_MS);
    await sample();
    const sampling = sampleAlways();
    const [clients] = await Promise.all([runBuilds(planned, { apps, speed }, rack), loseWorkers()]);
    isOver = true;
    await sampling;
    await waitForEnds();
    return { clients, samples, ends: await readEnds(rack.databaseUrl) };
  } finally {
    isOver = true;
    await rack.stop();
  }
}
