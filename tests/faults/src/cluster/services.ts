import {
  findFreePort,
  type PreparedRedis,
  preparePostgres,
  prepareRedis,
  prepareRegistry,
  prepareS3,
} from '@convox-builds/testing';

import { createMember, type Member } from './member.js';

/** What is not ours and everything needs, each at a fixed port, with its data kept over kills. */
export interface Services {
  readonly postgres: Member;
  readonly redis: Member;
  readonly registry: Member;
  readonly ports: Readonly<Record<'postgres' | 'redis' | 'registry', number>>;
  readonly urls: { readonly postgres: string; readonly redis: string; readonly registry: string };
  /** Where objects are kept, unless they are in a folder. */
  readonly s3: S3OfCluster | undefined;
  readonly redisFolder: PreparedRedis['folder'];
  readonly stop: () => Promise<void>;
}

/** An S3 server. */
export interface S3OfCluster {
  readonly member: Member;
  readonly port: number;
  /** By which a process finds its bucket. */
  readonly environment: Readonly<Record<string, string>>;
}

async function startS3(): Promise<S3OfCluster & { readonly remove: () => Promise<void> }> {
  const { start, ...prepared } = await prepareS3();
  const member = createMember('s3', start);
  await member.start();
  return { member, ...prepared };
}

/** Starts Postgres, Redis with an append-only file, and a registry; an S3 server where objects are to be there. */
export async function startServices({ isOnS3 }: { isOnS3: boolean }): Promise<Services> {
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
  let s3: Awaited<ReturnType<typeof startS3>> | undefined;
  const stop = async () => {
    await Promise.all(
      [...Object.values(members), ...(s3 === undefined ? [] : [s3.member])].map((member) => member.kill()),
    );
    await Promise.all([...Object.values(prepared), ...(s3 === undefined ? [] : [s3])].map(({ remove }) => remove()));
  };
  try {
    if (isOnS3) s3 = await startS3();
    await Promise.all(Object.values(members).map((member) => member.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const registry = `http://${prepared.registry.host}`;
  return {
    ...members,
    s3,
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
