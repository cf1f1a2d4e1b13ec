import { setTimeout as sleep } from 'node:timers/promises';

import type { Bench } from '../bench/bench.js';
import { askRedis, away, cutPower, freeze } from '../scenarios/damage.js';

const SERVICES = ['postgres', 'redis', 'registry'] as const;

/** A damage that mends itself: whole again when it resolves. */
type Damage = (bench: Bench) => Promise<string>;

const anyOfOurs = ({ cluster, random }: Bench) => random.pick([...cluster.apis, ...cluster.workers]);
const aWhile = ({ random }: Bench) => random.between(500, 8000);

/** Kills one of the services for a while. */
const loseService: Damage = async (bench) => {
  const service = bench.cluster.services[bench.random.pick(SERVICES)];
  const ms = aWhile(bench);
  await away(service, { ms });
  return `${service.name} was away for ${ms} ms`;
};

/** Kills or replaces one of our processes. */
const loseProcess: Damage = async (bench) => {
  const member = anyOfOurs(bench);
  const signal = bench.random.pick(['SIGKILL', 'SIGTERM'] as const);
  await away(member, { signal });
  return `${member.name} got ${signal}`;
};

/** Freezes a process or a service. */
const freezeSome: Damage = async (bench) => {
  const { services } = bench.cluster;
  const member = bench.random.pick([anyOfOurs(bench), services.redis, services.registry]);
  const ms = aWhile(bench);
  await freeze(member, ms);
  return `${member.name} froze for ${ms} ms`;
};

const killDaemon: Damage = async ({ cluster, random }) => {
  const worker = random.pick(cluster.workers);
  worker.killBuildkitd();
  return `the build daemon of ${worker.name} was killed`;
};

const emptyRedis: Damage = async ({ cluster }) => {
  await askRedis(cluster, 'FLUSHALL');
  return 'Redis was emptied';
};

/** Damages one wire. */
const damageWire: Damage = async (bench) => {
  const { name, wires } = anyOfOurs(bench);
  const service = bench.random.pick(SERVICES);
  const wire = wires[service];
  const how = bench.random.pick(['slow', 'cut', 'refuse', 'freeze'] as const);
  const ms = aWhile(bench);
  if (how === 'slow') wire.slow({ delayMs: 100, jitterMs: 300 });
  else wire[how]();
  await sleep(ms);
  wire.heal();
  return `${name} to ${service}: ${how} for ${ms} ms`;
};

const losePower: Damage = async ({ cluster, random }) => {
  const order = random.shuffle(cluster.members);
  await cutPower(cluster, order);
  return `the power was cut; started ${order.map(({ name }) => name).join(', ')}`;
};

/** All that can happen; what is there twice happens twice as often. */
const DAMAGES: readonly Damage[] = [
  loseService,
  loseService,
  loseProcess,
  loseProcess,
  freezeSome,
  killDaemon,
  emptyRedis,
  damageWire,
  damageWire,
  losePower,
];

/** Damages something, by the bench's random numbers, until `signal` is aborted. Everything is whole again when it resolves. */
export async function damageAtRandom(bench: Bench, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(bench.random.between(200, 1500), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    bench.say(await bench.random.pick(DAMAGES)(bench));
  }
}
