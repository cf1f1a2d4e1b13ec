import { type Proxy, startProxy } from '../proxy.js';
import type { Services } from './services.js';

/** What a process of ours needs to reach. */
export type ServiceName = 'postgres' | 'redis' | 'registry';

/** The wires of one process to what it needs: each can be damaged without the others. */
export type Wires = Readonly<Record<ServiceName, Proxy>> & { readonly s3?: Proxy };

/** Lays the wires of one process. */
export async function layWires(services: Services): Promise<Wires> {
  const { postgres, redis, registry } = services.ports;
  return {
    postgres: await startProxy(postgres),
    redis: await startProxy(redis),
    registry: await startProxy(registry),
    ...(services.s3 === undefined ? {} : { s3: await startProxy(services.s3.port) }),
  };
}

/** Takes them away. */
export async function removeWires(wires: Wires): Promise<void> {
  await Promise.all(Object.values(wires).map((proxy) => proxy.close()));
}

/** The environment that makes a process use its wires. */
export function wiredEnvironment({ postgres, redis, registry, s3 }: Wires): Record<string, string> {
  return {
    DATABASE_URL: `postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    REGISTRY_HOST: `127.0.0.1:${registry.port}`,
    ...(s3 === undefined ? {} : { S3_ENDPOINT: `http://127.0.0.1:${s3.port}` }),
  };
}
