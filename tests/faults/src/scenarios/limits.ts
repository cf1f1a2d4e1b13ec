import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { BuildRecord } from '@convox-builds/store';
import { listProcesses, waitUntil } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import { at, type Scenario, wantAnyEnd } from './scenario.js';

const run = promisify(execFile);
const FEW_FILES = 64;
const MANY_FILES = 4096;

/** Changes how many files running processes may open; those that they have open stay so. */
async function limitOpenFiles(pids: readonly number[], limit: number): Promise<void> {
  for (const pid of pids) {
    // One that has just ended needs no limit.
    await run('prlimit', [`--pid=${pid}`, `--nofile=${limit}`]).catch(() => {});
  }
}

const DISK_MEGABYTES = 160;
const MIN_FREE_DISK_BYTES = 60_000_000;

/** BuildKit cleans up behind a failed step a minute later. */
const ROOM_AGAIN_WITHIN_MS = 240_000;

async function assertItBuilds(bench: Bench): Promise<void> {
  const { id } = await bench.submit();
  await bench.settle(ROOM_AGAIN_WITHIN_MS);
  const build = await bench.store.builds.find(APP, id);
  if (build?.state !== 'complete') throw new Error(`With room again build ${id} is ${build?.state}: ${build?.reason}`);
}

/** A build on a disk that is too small for it, and one that is not. */
async function fillDisk(bench: Bench): Promise<void> {
  const { id } = await bench.submit({ after: 'head -c 300000000 /dev/zero > /big' });
  await waitUntil(async () => (await bench.store.attempts.list(id)).some(({ endedAt }) => endedAt !== null), {
    what: `build ${id} has no room`,
  });
  const [attempt] = await bench.store.attempts.list(id);
  bench.say(`${attempt?.outcome} ${attempt?.failureClass}: ${attempt?.reason}`);
  if (attempt?.outcome === 'complete') throw new Error(`Build ${id} has more room than there is`);
  await bench.cancel({ id, lines: 0, isCancelled: () => true, streams: [] });
  await assertItBuilds(bench);
}

/** Nobody is to blame for the rack's own limits. */
function complainOfUsers(builds: readonly BuildRecord[]): readonly string[] {
  return builds.filter(({ failureClass }) => failureClass === 'user').map(({ id, reason }) => `build ${id}: ${reason}`);
}

/** Too little of something. */
export const LIMIT_SCENARIOS: readonly Scenario[] = [
  {
    row: '38',
    title: 'the disk of a worker is too small for a build: it fails by name, and the next one is built',
    cluster: { minFreeDiskBytes: MIN_FREE_DISK_BYTES },
    complain: wantAnyEnd,
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      const folder = join(bench.cluster.folder, worker.name);
      await worker.kill();
      await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m`, 'tmpfs', folder]);
      try {
        await worker.start();
        await fillDisk(bench);
      } finally {
        await worker.kill();
        await run('umount', ['--lazy', folder]);
        await worker.start();
      }
    },
  },
  {
    row: '41',
    title: 'a worker and its build daemon may open hardly any file more while eight builds run, and do not end of it',
    cluster: { slots: 8 },
    complain: complainOfUsers,
    run: async (bench) => {
      const worker = at(bench.cluster.workers, 0);
      const pids = listProcesses(join(bench.cluster.folder, worker.name)).map(({ pid }) => pid);
      await limitOpenFiles(pids, FEW_FILES);
      await Promise.all(Array.from({ length: 8 }, () => bench.submit()));
      await bench.settle();
      for (const { state, reason } of await bench.store.builds.list(APP, { limit: 8 })) bench.say(`${state} ${reason}`);
      await limitOpenFiles(pids, MANY_FILES);
      await assertItBuilds(bench);
    },
  },
];
