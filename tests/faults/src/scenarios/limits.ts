import { execFile } from 'node:child_process';
import { rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import type { BuildRecord } from '@convox-builds/store';
import { findTool, listProcesses, waitUntil } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import { type ControlGroup, type Controller, createControlGroup } from '../cluster/control-group.js';
import { buildkitdOf } from '../cluster/our-processes.js';
import { away } from './damage.js';
import { at, type Scenario, wantAnyEnd } from './scenario.js';

const run = promisify(execFile);
const FEW_FILES = 64;
const MANY_FILES = 4096;

/** Changes how many files running processes may open, within what they may allow themselves; those that are open stay so. */
async function limitOpenFiles(pids: readonly number[], limit: number): Promise<void> {
  for (const pid of pids) {
    // One that has just ended needs no limit.
    await run('prlimit', [`--pid=${pid}`, `--nofile=${limit}:`]).catch(() => {});
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

const KEPT_BYTES = 20_000_000;
const TOO_LITTLE_BYTES = MIN_FREE_DISK_BYTES - 10_000_000;

/** Builds leave something in the cache, and somebody else takes the rest of the disk: no solve ends that BuildKit would clean after. */
async function takeDisk(bench: Bench): Promise<void> {
  await bench.submit({ after: `head -c ${KEPT_BYTES} /dev/urandom > /kept` });
  await bench.settle();
  const folder = join(bench.cluster.folder, at(bench.cluster.workers, 0).name);
  const { bavail, bsize } = await statfs(folder);
  await writeFile(join(folder, 'others'), Buffer.alloc(bavail * bsize - TOO_LITTLE_BYTES));
  await assertItBuilds(bench);
  const after = await statfs(folder);
  bench.say(`${bavail * bsize} bytes free, then ${TOO_LITTLE_BYTES}, then ${after.bavail * after.bsize}`);
}

/** Gives the only worker a disk of its own while something is done. */
async function withSmallDisk(bench: Bench, act: () => Promise<void>): Promise<void> {
  const worker = at(bench.cluster.workers, 0);
  const folder = join(bench.cluster.folder, worker.name);
  await worker.kill();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m`, 'tmpfs', folder]);
  try {
    await worker.start();
    await act();
  } finally {
    await worker.kill();
    await run('umount', ['--lazy', folder]);
    await worker.start();
  }
}

/** Memory is counted in pieces of some pages. */
const NEARLY_ALL = 0.98;
const DAEMON_BYTES = 300_000_000;
/** Takes twice as much memory again and again. */
const TAKE_MEMORY = `/bin/busybox awk 'BEGIN { s = "x"; while (1) s = s s }' || exit $?`;

/** Limits what the build daemon of a worker may have while something is done, and all that it runs with it. */
async function limitDaemon(
  { cluster, say }: Bench,
  { controller, limit }: { controller: Controller; limit: number },
  act: (group: ControlGroup) => Promise<void>,
): Promise<void> {
  const worker = at(cluster.workers, 0);
  const group = await createControlGroup(controller, basename(cluster.folder));
  await group.writeLauncher(buildkitdOf(cluster.folder), findTool('buildkitd'));
  try {
    await away(worker);
    await group.limit(limit);
    await act(group);
    const peak = await group.readPeak();
    say(`had ${peak} of ${limit}`);
    if (peak < NEARLY_ALL * limit) throw new Error(`It had ${peak} of ${limit} at most: that proves nothing`);
  } finally {
    await worker.kill();
    await group.remove();
    await rm(buildkitdOf(cluster.folder));
    await symlink(findTool('buildkitd'), buildkitdOf(cluster.folder));
    await worker.start();
  }
}

/** A step that takes all memory is told so; the daemon and the build after it have what they need. */
async function takeMemory(bench: Bench): Promise<void> {
  const [before] = at(bench.cluster.workers, 0).findBuildkitd();
  const { id } = await bench.submit({ after: TAKE_MEMORY });
  await bench.settle();
  const build = await bench.store.builds.find(APP, id);
  bench.say(`${build?.state} ${build?.failureClass}: ${build?.reason}`);
  if (build?.failureClass !== 'limits' || !/out of memory/.test(build.reason))
    throw new Error(`Build ${id} is not told that it took too much memory: ${build?.failureClass} ${build?.reason}`);
  const [after] = at(bench.cluster.workers, 0).findBuildkitd();
  bench.say(`the daemon ${before === after ? 'stayed up' : 'was started again'}`);
  await assertItBuilds(bench);
}

/** Nobody is to blame for the rack's own limits. */
function complainOfUsers(builds: readonly BuildRecord[]): readonly string[] {
  return builds.filter(({ failureClass }) => failureClass === 'user').map(({ id, reason }) => `build ${id}: ${reason}`);
}

const FEW_PROCESSES = 64;

/** Too little of something. */
export const LIMIT_SCENARIOS: readonly Scenario[] = [
  {
    row: '38',
    title: 'the disk of a worker is too small for a build: it fails by name, and the next one is built',
    cluster: { minFreeDiskBytes: MIN_FREE_DISK_BYTES },
    complain: wantAnyEnd,
    run: (bench) => withSmallDisk(bench, () => fillDisk(bench)),
  },
  {
    row: '38a',
    title: 'the disk of a worker is full of what it kept: it takes no build, makes room, and goes on',
    cluster: { minFreeDiskBytes: MIN_FREE_DISK_BYTES },
    run: (bench) => withSmallDisk(bench, () => takeDisk(bench)),
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
  {
    row: '41a',
    title: 'a build daemon and its steps may have 64 processes while eight builds run: no person is blamed for it',
    cluster: { slots: 8 },
    complain: complainOfUsers,
    run: async (bench) => {
      await limitDaemon(bench, { controller: 'pids', limit: FEW_PROCESSES }, async (group) => {
        await Promise.all(Array.from({ length: 8 }, () => bench.submit()));
        await bench.settle();
        const builds = await bench.store.builds.list(APP, { limit: 8 });
        for (const { state, attempt, reason } of builds) bench.say(`${state} in attempt ${attempt} ${reason}`);
        await group.limit('max');
        await assertItBuilds(bench);
      });
    },
  },
  {
    row: '17a',
    title: 'a step takes more memory than its build daemon has: the person is told so, and the next one is built',
    complain: wantAnyEnd,
    run: (bench) => limitDaemon(bench, { controller: 'memory', limit: DAEMON_BYTES }, () => takeMemory(bench)),
  },
];
