import { randomBytes } from 'node:crypto';

import { createLogger, createMetrics, NO_TRACER } from '@convox-builds/runtime';
import {
  type BuildRecord,
  createEncryptionKey,
  createStore,
  migrateStore,
  NO_OPTIONS,
  openObjectStorage,
} from '@convox-builds/store';
import { createTemporaryFolder, startPostgres, startRedis } from '@convox-builds/testing';
import type { ExecutionContext } from 'ava';

import { createAnnouncer } from '../announcer.js';
import { createBuildFence } from '../build-fence/create-build-fence.js';
import { createExportSlot } from '../cache/export-slot.js';
import { openWarmImages } from '../cache/warm-images.js';
import { createWorkerGit } from '../create-worker-git.js';
import { startLeaseKeeper } from '../lease/lease-keeper.js';
import { openRegistry } from '../open-registry.js';
import { settingsSchema } from '../settings.js';
import { createWorkerMetrics } from '../worker-metrics.js';
import type { WorkerParts } from '../worker-parts.js';

const LEASE_MS = 60_000;

/** What a worker has, on a database and a Redis of the test's own, but for a build daemon. */
export interface TestParts {
  readonly parts: WorkerParts;
  /** Makes a build of an app, and claims it. */
  readonly claim: (app: string) => Promise<BuildRecord>;
}

/** Opens them, as `startWorker()` does. */
export async function openTestParts(t: ExecutionContext, variables: Record<string, string> = {}): Promise<TestParts> {
  const [postgres, redis, folder] = await Promise.all([startPostgres(), startRedis(), createTemporaryFolder()]);
  await migrateStore(postgres.url);
  const settings = settingsSchema.parse({
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECTS_FOLDER: `${folder.path}/objects`,
    WORKER_FOLDER: `${folder.path}/worker`,
    ENCRYPTION_KEY: createEncryptionKey(),
    REGISTRY_HOST: '127.0.0.1:1',
    REGISTRY_PLAIN_HTTP: 'true',
    PATH: '/nowhere',
    ...variables,
  });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const objects = await openObjectStorage(settings.objectStorage);
  const store = createStore({ databaseUrl: postgres.url, objects });
  const announcer = createAnnouncer(redis.url, logger);
  const leases = startLeaseKeeper({ databaseUrl: postgres.url, leaseMs: LEASE_MS });
  t.teardown(async () => {
    await leases.close();
    announcer.close();
    await store.close();
    await Promise.all([postgres.stop(), redis.stop()]);
    await folder.remove();
  });
  const unused = () => Promise.reject(new Error('There is no build daemon here'));
  const fence = createBuildFence(settings, { store });
  const parts: WorkerParts = {
    settings,
    logger,
    store,
    objects,
    buildkitd: { isUp: () => true, client: unused, stop: async () => {} },
    warmImages: openWarmImages(settings.folder),
    exportSlot: createExportSlot(),
    ...(await openRegistry(settings, fence)),
    fence,
    git: createWorkerGit(settings, `${folder.path}/git`),
    announcer,
    leases,
    metrics: createWorkerMetrics(createMetrics({ logger })),
    tracer: NO_TRACER,
    runBuild: unused,
  };
  const claim = async (app: string) => {
    if ((await store.apps.find(app)) === undefined) await store.apps.create({ name: app, generation: '3' });
    const source = { source: `object://${app}/x`, options: NO_OPTIONS, description: '', gitSha: '' };
    const { id: buildId } = await store.builds.create({ app, ...source });
    const worker = `test/${randomBytes(3).toString('hex')}`;
    const build = await store.attempts.claim({ buildId, attempt: 1, worker }, { leaseMs: LEASE_MS });
    if (build === undefined) throw new Error(`Cannot claim ${buildId}`);
    return build;
  };
  return { parts, claim };
}
