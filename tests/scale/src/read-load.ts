import { readdirSync, readFileSync } from 'node:fs';

import { Redis } from 'ioredis';

import { query } from './query.js';
import type { Rack } from './start-rack.js';

/** How `/proc` counts time on Linux: in hundredths of a second (`proc(5)`, USER_HZ). */
const TICKS_A_SECOND = 100;
const PAGE_KILOBYTES = 4;

/** What the parts of a rack have taken so far. */
export interface Load {
  /** Seconds of processor time by part. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Of memory, without what processes share. */
  readonly megabytes: Readonly<Record<string, number>>;
  readonly transactions: number;
  readonly connections: number;
  readonly redisCommands: number;
  readonly redisMegabytes: number;
  readonly redisClients: number;
  readonly queued: number;
  readonly running: number;
}

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
  /** Of children that it has waited for. */
  readonly childSeconds: number;
  readonly megabytes: number;
}

/** Reads a process; `undefined` when it is gone. */
function readProcess(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields
      .slice(11)
      .map((ticks) => ticks / TICKS_A_SECOND);
    // Without what processes share: Postgres counts its buffers in each.
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return {
      pid,
      parent: fields[1] ?? 0,
      seconds: user + system,
      childSeconds: childUser + childSystem,
      megabytes: ((resident - shared) * PAGE_KILOBYTES) / 1024,
    };
  } catch {
    return undefined;
  }
}

function readProcesses(): ProcessStat[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What processes took, and their children, which Postgres has for each connection. */
function weigh(pids: readonly number[], all: readonly ProcessStat[], known: Map<number, number>) {
  const own = all.filter(({ pid }) => pids.includes(pid));
  const children = all.filter(({ parent }) => pids.includes(parent));
  const takenBy = ({ seconds, childSeconds }: ProcessStat) => seconds + childSeconds;
  for (const one of own) known.set(one.pid, takenBy(one));
  return {
    // What was killed has taken its time all the same; a child's is its parent's when it has ended.
    seconds: sum([...known.values(), ...children.map(takenBy)]),
    megabytes: sum([...own, ...children].map(({ megabytes }) => megabytes)),
  };
}

async function readRedis(redisUrl: string) {
  const redis = new Redis(redisUrl);
  try {
    const info = await redis.info();
    const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    return {
      redisCommands: read('total_commands_processed'),
      redisMegabytes: read('used_memory') / 1024 ** 2,
      redisClients: read('connected_clients'),
    };
  } finally {
    redis.disconnect();
  }
}

const COUNTS = `
  SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()) AS transactions,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    (SELECT count(*) FROM builds WHERE state = 'queued') AS queued,
    (SELECT count(*) FROM builds WHERE state = 'running') AS running`;

/** Makes what reads what a rack has taken until now, and what it holds. */
export function createLoadReader(rack: Rack): () => Promise<Load> {
  const knownOf = new Map(Object.keys(rack.processes()).map((part) => [part, new Map<number, number>()]));
  return async () => {
    const all = readProcesses();
    const parts = Object.entries(rack.processes()).map(
      ([part, pids]) => [part, weigh(pids, all, knownOf.get(part) ?? new Map<number, number>())] as const,
    );
    const [counts = {}] = await query(rack.databaseUrl, COUNTS);
    const count = (name: string) => Number(counts[name]);
    return {
      seconds: Object.fromEntries(parts.map(([part, { seconds }]) => [part, seconds])),
      megabytes: Object.fromEntries(parts.map(([part, { megabytes }]) => [part, megabytes])),
      transactions: count('transactions'),
      connections: count('connections'),
      queued: count('queued'),
      running: count('running'),
      ...(await readRedis(rack.redisUrl)),
    };
  };
}
