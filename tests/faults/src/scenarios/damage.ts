import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { type AcceptedBuild, APP, type Bench } from '../bench/bench.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import type { WorkerMember } from '../cluster/our-processes.js';

/** Ends a member, leaves it away for a while, and starts it again. */
export async function away(
  member: Member,
  { ms = 0, signal = 'SIGKILL' }: { ms?: number; signal?: NodeJS.Signals } = {},
): Promise<void> {
  await member.kill(signal);
  await sleep(ms);
  await member.start();
}

/** Freezes a member for a while. */
export async function freeze(member: Member, ms: number): Promise<void> {
  member.pause();
  await sleep(ms);
  if (member.isRunning()) member.resume();
}

/** Sends Redis a command, past every proxy, and gives its answer. */
export async function askRedis({ services }: Cluster, command: string, ...args: string[]): Promise<unknown> {
  const redis = new Redis(services.urls.redis);
  return redis.call(command, ...args).finally(() => redis.disconnect());
}

/** Ends everything at once, and starts it in the given order. */
export async function cutPower({ members }: Cluster, order: readonly Member[]): Promise<void> {
  await Promise.all(members.map((member) => member.kill()));
  await Promise.all(order.map((member, index) => sleep(index * 200).then(() => member.start())));
}

/** Finds the worker that runs a build. */
export async function findOwner({ store, cluster }: Bench, { id }: AcceptedBuild): Promise<WorkerMember> {
  const owner = (await store.builds.find(APP, id))?.worker ?? '';
  const worker = cluster.workers.find(({ name }) => owner.startsWith(`${name}/`));
  if (worker === undefined) throw new Error(`Cannot find who runs build ${id}: "${owner}"`);
  return worker;
}
