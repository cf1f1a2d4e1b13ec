import {
  findFreePort,
  type PreparedRedis,
  preparePostgres,
  prepareRedis,
  prepareRegistry,
} from '@convox-builds/testing';

import { createMember, type Member } from './member.js';

/** What is not ours and everything needs, each at a fixed port, with its data kept over kills. */
export interface Services {
  readonly postgres: Member;
  readonly redis: Member;
  readonly registry: Member;
  readonly ports: Readonly<Record<'postgres' | 'redis' | 'registry', number>>;
  readonly urls: { readonly postgres: string; readonly redis: string; readonly registry: string };
  readonly redisFolder: PreparedRedis['folder'];
  readonly stop: () => Promise<void>;
}

/** Starts Postgres, Redis with an append-only file, and a registry. */
export async function startServices(): Promise<Services> {
  const postgresPort = await findFreePort();
  const prepared = {
    postgres: await preparePostgres({ port: postgresPort }),
    redis: await prepareRedis({ isKept: true }),
    registry: await prepareRegistry(),
  };
  const members = {
    postgres: createMember('postgres', prepared.postgres.start),
    redis: createMember('redis', prepared.redis.start),
    registry: createMember('registry', prepared.registry.start),
  };
  const stop = async () => {
    await Promise.all(Object.values(members).map((member) => member.kill()));
    await Promise.all(Object.values(prepared).map(({ remove }) => remove()));
  };
  try {
    await Promise.all(Object.values(members).map((member) => member.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const registry = `http://${prepared.registry.host}`;
  return {
    ...members,
    ports: {
      postgres: postgresPort,
      redis: Number(new URL(prepared.redis.url).port),
      registry: Number(new URL(registry).port),
    },
    urls: { postgres: prepared.postgres.url, redis: prepared.redis.url, registry },
    redisFolder: prepared.redis.folder,
    stop,
  };
}
