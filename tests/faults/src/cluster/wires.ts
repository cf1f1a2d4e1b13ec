import { type Proxy, startProxy } from '../proxy.js';
import type { Services } from './services.js';

/** What a process of ours needs to reach. */
export type ServiceName = 'postgres' | 'redis' | 'registry';

/** The wires of one process to what it needs: each can be damaged without the others. */
export type Wires = Readonly<Record<ServiceName, Proxy>>;

/** Lays the wires of one process. */
export async function layWires(services: Services): Promise<Wires> {
  const { postgres, redis, registry } = services.ports;
  return {
    postgres: await startProxy(postgres),
    redis: await startProxy(redis),
    registry: await startProxy(registry),
  };
}

/** Takes them away. */
export async function removeWires(wires: Wires): Promise<void> {
  await Promise.all(Object.values(wires).map((proxy) => proxy.close()));
}

/** The environment that makes a process use its wires. */
export function wiredEnvironment({ postgres, redis, registry }: Wires): Record<string, string> {
  return {
    DATABASE_URL: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    REGISTRY_HOST: `127.0.0.1:${registry.port}`,
  };
}
