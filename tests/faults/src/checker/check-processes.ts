import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { buildQueueName } from '@convox-builds/domain';
import { listProcesses } from '@convox-builds/testing';
import { Redis } from 'ioredis';

import type { Bench } from '../bench/bench.js';
import type { Member } from '../cluster/member.js';
import type { Evidence, Violation } from './violation.js';

const MAX_PEAK_KILOBYTES = 512 * 1024;
const MAX_OPEN_FILES = 256;
const WAIT_MS = 10_000;
const POLL_MS = 200;

/** Asks again until nothing is found, or it has had its time. */
async function untilNone(find: () => Promise<string[]> | string[]): Promise<string[]> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const found = await find();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(POLL_MS);
  }
}

/** No step of a build runs on when all have ended. */
export async function checkSteps({ bench }: Evidence): Promise<Violation[]> {
  const mark = `MARK=${bench.cluster.folder}#`;
  const found = await untilNone(() => listProcesses(mark).map(({ pid, commandLine }) => `${pid} ${commandLine}`));
  return found.map((what) => ({ invariant: 'nothing of an ended build still runs', what }));
}

function peakKilobytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}

/** What a process has too much of. */
function describeGrowth({ name, pid }: Member): string[] {
  const kilobytes = peakKilobytes(pid());
  const files = readdirSync(`/proc/${pid()}/fd`).length;
  return [
    ...(kilobytes > MAX_PEAK_KILOBYTES ? [`${name} has had ${kilobytes} KB`] : []),
    ...(files > MAX_OPEN_FILES ? [`${name} has ${files} open files`] : []),
  ];
}

/** Every process of ours runs, none ended that nobody had killed, none has grown. */
export function checkMembers({ bench }: Evidence): Violation[] {
  const { apis, workers, members } = bench.cluster;
  const ended = members.flatMap((member) => member.unexpectedEnds());
  const away = members.filter((member) => !member.isRunning()).map(({ name }) => `${name} does not run`);
  const grown = [...apis, ...workers].filter((member) => member.isRunning()).flatMap(describeGrowth);
  return [
    ...[...ended, ...away].map((what): Violation => ({ invariant: 'no process ends by itself', what })),
    ...grown.map((what): Violation => ({ invariant: 'no process grows', what })),
  ];
}

/**
 * Nothing waits in the queue. A job that a killed worker had taken stays with BullMQ until its lock has run out, which is
 * harmless: it only rings.
 */
export async function checkQueue({ bench }: Evidence): Promise<Violation[]> {
  const redis = new Redis(bench.cluster.services.urls.redis);
  redis.on('error', () => {});
  try {
    const countJobs = async ({ name }: Member) => {
      const key = `bull:${buildQueueName(name)}`;
      const count = (await redis.llen(`${key}:wait`)) + (await redis.zcard(`${key}:delayed`));
      return count === 0 ? [] : [`${count} jobs for ${name}`];
    };
    const found = await untilNone(async () => (await Promise.all(bench.cluster.workers.map(countJobs))).flat());
    return found.map((what) => ({ invariant: 'the queue is drained', what }));
  } finally {
    redis.disconnect();
  }
}

/** No command line of the cluster shows a secret. */
export function checkCommandLines({ bench }: Evidence): Violation[] {
  const secrets = [bench.secret, bench.cluster.settings.password];
  return listProcesses(bench.cluster.folder)
    .filter(({ commandLine }) => secrets.some((secret) => commandLine.includes(secret)))
    .map(({ pid }) => ({ invariant: 'no secret is seen', what: `the command line of ${pid} shows a secret` }));
}

/** After the cluster has been stopped: no process and no mount of it is left. */
export async function checkRemains({ cluster: { folder } }: Bench): Promise<Violation[]> {
  const found = await untilNone(() => [
    ...listProcesses(folder).map(({ pid, commandLine }) => `process ${pid} ${commandLine}`),
    ...readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((mount) => mount.includes(folder)),
  ]);
  return found.map((what) => ({ invariant: 'nothing outlives the rack', what }));
}
