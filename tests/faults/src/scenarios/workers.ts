import { setTimeout as sleep } from 'node:timers/promises';

import { waitUntil } from '@convox-builds/testing';

import { type AcceptedBuild, APP, type Bench } from '../bench/bench.js';
import type { WorkerMember } from '../cluster/our-processes.js';
import { away, findOwner } from './damage.js';
import { at, type Scenario, wantAnyEnd, wantAttempt } from './scenario.js';

const LONG = { lines: 40, pauseSeconds: 0.25 };
const ROLLING_BUILDS = 50;
const CANCELLED_BUILDS = 12;

/** A second attempt of the build is under way, or was. */
async function waitForSecondAttempt({ store }: Bench, { id }: AcceptedBuild): Promise<void> {
  await waitUntil(async () => ((await store.builds.find(APP, id))?.attempt ?? 0) > 1, {
    what: `build ${id} is taken up again`,
  });
}

/** Ends a worker politely and starts it again. */
const replace = (worker: WorkerMember) => away(worker, { signal: 'SIGTERM' });

/** Workers that freeze, drain and are replaced; build daemons that die; builds that are cancelled. */
export const WORKER_SCENARIOS: readonly Scenario[] = [
  {
    row: '11a',
    title: 'a build that kills every worker which takes it fails by name, and harms no other',
    cluster: { workerFault: 'during-solve:exit', maxLostWorkers: 2 },
    complain: (builds) =>
      builds
        .filter(({ state, failureClass, attempt }) => `${state} ${failureClass} ${attempt}` !== 'failed lost-worker 2')
        .map(({ id, state, failureClass, attempt }) => `build ${id} is ${state} ${failureClass} in attempt ${attempt}`),
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      await bench.submit();
      await worker.ended();
      await worker.start('during-solve:exit');
      await worker.ended();
      await worker.start();
    },
  },
  {
    row: '12',
    title: 'a worker that froze past its lease writes nothing when it wakes up',
    isQuick: true,
    cluster: { workers: 2 },
    complain: wantAttempt(2),
    run: async (bench) => {
      const build = await bench.submit(LONG);
      await bench.waitUntilItRuns(build);
      const frozen = await findOwner(bench, build);
      frozen.pause();
      await waitForSecondAttempt(bench, build);
      await sleep(2000);
      frozen.resume();
    },
  },
  {
    row: '12a',
    title: 'a worker that froze just before its commit commits nothing when it wakes up',
    cluster: { workers: 2, workerFault: 'before-commit:stop' },
    complain: wantAttempt(2),
    run: async (bench) => {
      const frozen = at(bench.cluster.workers, 0);
      const other = at(bench.cluster.workers, 1);
      await other.kill();
      const build = await bench.submit();
      await bench.waitUntilItRuns(build);
      await other.start();
      await bench.settle();
      frozen.resume();
      await sleep(2000);
    },
  },
  {
    row: '13',
    title: 'a worker that does nothing else for three times its lease keeps its build',
    cluster: { workers: 2, workerFault: 'during-solve:block' },
    complain: wantAttempt(1),
    run: async (bench) => {
      const other = at(bench.cluster.workers, 1);
      await other.kill();
      await bench.waitUntilItRuns(await bench.submit(LONG));
      await other.start();
    },
  },
  {
    row: '14',
    title: 'a worker that is told to stop finishes within its grace time',
    cluster: { drainGraceSeconds: 30 },
    complain: wantAttempt(1),
    run: async (bench) => {
      await bench.waitUntilItRuns(await bench.submit());
      await replace(at(bench.cluster.workers, 0));
    },
  },
  {
    row: '14a',
    title: 'a worker whose grace time is over hands its build back',
    isQuick: true,
    cluster: { drainGraceSeconds: 1, maxLostWorkers: 1 },
    complain: wantAttempt(2),
    run: async (bench) => {
      await bench.waitUntilItRuns(await bench.submit(LONG));
      await replace(at(bench.cluster.workers, 0));
    },
  },
  {
    row: '15',
    title: `all workers are replaced again and again during ${ROLLING_BUILDS} builds`,
    cluster: { workers: 2, drainGraceSeconds: 2, maxLostWorkers: 1 },
    run: async (bench) => {
      const small = { lines: 3, pauseSeconds: 0.2 };
      const submitted = Promise.all(Array.from({ length: ROLLING_BUILDS }, () => bench.submit(small)));
      for (let round = 0; round < 5; round++) for (const worker of bench.cluster.workers) await replace(worker);
      await submitted;
    },
  },
  {
    row: '16',
    title: 'a build daemon is killed while a step runs',
    complain: wantAttempt(2),
    run: async (bench) => {
      await bench.waitUntilItRuns(await bench.submit());
      at(bench.cluster.workers, 0).killBuildkitd();
    },
  },
  {
    row: '16a',
    title: 'a build daemon is killed while an image is pushed',
    complain: wantAttempt(2),
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      worker.wires.registry.slow({ bytesPerSecond: 100_000 });
      const build = await bench.submit({ lines: 2 });
      await bench.waitUntilItRuns(build);
      await sleep(3000);
      worker.killBuildkitd();
      worker.wires.registry.heal();
    },
  },
  {
    row: '18',
    title: 'a build daemon is told to end while a step runs: what runs is finished or done again',
    run: async (bench) => {
      await bench.waitUntilItRuns(await bench.submit(LONG));
      at(bench.cluster.workers, 0).killBuildkitd('SIGTERM');
      await Promise.all([bench.submit(), bench.submit()]);
    },
  },
  {
    row: '17',
    title: 'a part of the rack fails once, just before the commit',
    cluster: { workerFault: 'before-commit:throw' },
    complain: wantAttempt(2),
    run: async (bench) => {
      await bench.submit();
    },
  },
  {
    row: '50',
    title: `${CANCELLED_BUILDS} builds are cancelled at random moments`,
    isQuick: true,
    cluster: { workers: 2 },
    complain: wantAnyEnd,
    run: async (bench) => {
      const cancelSoon = async () => {
        const build = await bench.submit();
        await sleep(bench.random.between(0, 6000));
        await bench.cancel(build);
      };
      await Promise.all(Array.from({ length: CANCELLED_BUILDS }, cancelSoon));
    },
  },
  {
    row: '50a',
    title: 'a build is cancelled while its worker is dead',
    complain: wantAnyEnd,
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      const build = await bench.submit(LONG);
      await bench.waitUntilItRuns(build);
      await worker.kill();
      await bench.cancel(build);
      await worker.start();
    },
  },
];
