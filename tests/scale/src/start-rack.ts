import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { createEncryptionKey, migrateStore } from '@convox-builds/store';
import {
  createTemporaryFolder,
  findFreePort,
  preparePostgres,
  prepareRedis,
  type Service,
  searchPath,
  spawnService,
  waitUntil,
} from '@convox-builds/testing';

import { execute } from './query.js';

const require = createRequire(import.meta.url);
const START_WITHIN_MS = 900_000;
const WORKERS_A_PROCESS = 100;
const LEASE_SECONDS = 30;
/** A worker keeps connections of its own. */
const CONNECTIONS_A_WORKER = 3;

/** How large a rack is. */
export interface RackSize {
  readonly apis: number;
  readonly workers: number;
}

/** A rack of many workers, and where its parts are. */
export interface Rack {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly apiUrls: readonly string[];
  readonly password: string;
  /** Processes by what they are. */
  readonly processes: () => Readonly<Record<'api' | 'workers' | 'postgres' | 'redis', readonly number[]>>;
  /** Kills a process of workers, as if a node were lost, and starts it again. */
  readonly loseWorkers: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function launch(path: string, env: Readonly<Record<string, string>>, ready: string): Promise<Service> {
  const service = await spawnService(process.execPath, ['--enable-source-maps', path], { env });
  let isOver = false;
  void service.exited.then(() => {
    isOver = true;
  });
  await waitUntil(() => isOver || service.output().includes(ready), { timeoutMs: START_WITHIN_MS, what: ready });
  if (isOver) throw new Error(`Cannot start ${path}: ${service.output()}`);
  return service;
}

const programOf = (app: 'api' | 'worker', file: string) =>
  join(require.resolve(`@convox-builds/${app}/package.json`), '../dist', file);

async function startApi(common: Readonly<Record<string, string>>, password: string) {
  const port = await findFreePort();
  const env = { ...common, HOST: '127.0.0.1', PORT: String(port), RACK_PASSWORD: password };
  const service = await launch(programOf('api', 'main.js'), env, 'Api ready');
  return { service, url: `http://127.0.0.1:${port}` };
}

function startWorkers(
  { name, workers, folder }: { name: string; workers: number; folder: string },
  common: Readonly<Record<string, string>>,
): Promise<Service> {
  const env = {
    ...common,
    WORKERS: String(workers),
    WORKER_NAME: name,
    WORKER_FOLDER: join(folder, name),
    REGISTRY_HOST: '127.0.0.1:1',
    BUILD_SLOTS: '1',
    LEASE_SECONDS: String(LEASE_SECONDS),
    MIN_FREE_DISK_BYTES: '0',
    MIN_FREE_MEMORY_BYTES: '0',
  };
  return launch(programOf('worker', 'testing/main-with-simulated-solves.js'), env, 'Worker ready');
}

/** Starts Postgres, Redis, apis and workers; what is started dies with this process. */
export async function startRack({ apis, workers }: RackSize): Promise<Rack> {
  const folder = await createTemporaryFolder();
  const postgres = await preparePostgres({
    settings: {
      max_connections: String(workers * CONNECTIONS_A_WORKER + 200),
      shared_preload_libraries: 'pg_stat_statements',
    },
  });
  const redis = await prepareRedis({ isKept: true });
  const database = await postgres.start();
  const doorbell = await redis.start();
  await migrateStore(postgres.url);
  await execute(postgres.url, 'CREATE EXTENSION pg_stat_statements');
  const common = {
    PATH: searchPath(),
    LOG_LEVEL: 'info',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECTS_FOLDER: join(folder.path, 'objects'),
    ENCRYPTION_KEY: createEncryptionKey(),
  };
  const password = randomBytes(12).toString('hex');
  const apiProcesses = await Promise.all(Array.from({ length: apis }, () => startApi(common, password)));
  const hosts = Array.from({ length: Math.ceil(workers / WORKERS_A_PROCESS) }, (_, index) => ({
    name: `workers-${index}`,
    workers: Math.min(WORKERS_A_PROCESS, workers - index * WORKERS_A_PROCESS),
    folder: folder.path,
  }));
  const running: Service[] = [];
  for (const host of hosts) running.push(await startWorkers(host, common));
  return {
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    apiUrls: apiProcesses.map(({ url }) => url),
    password,
    processes: () => ({
      api: apiProcesses.map(({ service }) => service.pid),
      workers: running.map(({ pid }) => pid),
      postgres: [database.pid],
      redis: [doorbell.pid],
    }),
    loseWorkers: async () => {
      const [host] = hosts;
      if (host === undefined) return;
      await running[0]?.stop('SIGKILL');
      running[0] = await startWorkers(host, common);
    },
    stop: async () => {
      const all = [...apiProcesses.map(({ service }) => service), ...running, doorbell];
      await Promise.all(all.map((service) => service.stop('SIGKILL')));
      await database.stop('SIGQUIT');
      await Promise.all([folder, postgres, redis].map(({ remove }) => remove()));
    },
  };
}
