import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import type { Logger, Shutdown } from '@convox-builds/runtime';
import { migrateStore } from '@convox-builds/store';
import { startEmbeddedPostgres } from '@convox-builds/store/embedded';

import { findPorts } from './find-ports.js';
import { type DataFolder, openDataFolder } from './open-data-folder.js';
import { openRegistry } from './open-registry.js';
import { untilItSaysReady } from './ready.js';
import type { RackSettings } from './settings.js';
import { type Child, startChild } from './start-child.js';
import { startRedis } from './start-redis.js';

/** The host that everything of the rack listens on. */
const HOST = '127.0.0.1';
const STOP_API_WITHIN_MS = 10_000;
const STOP_WORKER_WITHIN_MS = 30_000;
const DRAIN_GRACE_SECONDS = '5';

/** A rack that runs. */
export interface Rack {
  readonly url: string;
  readonly password: string;
  readonly registryHost: string;
  readonly baseImages: readonly string[];
}

/** What a start step is given. */
interface Start {
  readonly settings: RackSettings;
  readonly data: DataFolder;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

const require = createRequire(import.meta.url);
const mainOf = (app: 'api' | 'worker') =>
  join(require.resolve(`@convox-builds/${app}/package.json`), '../dist/main.js');

async function startDatabase({ settings, data, shutdown }: Start): Promise<string> {
  const given = settings.environment.DATABASE_URL;
  if (given !== undefined) return given;
  const database = await startEmbeddedPostgres({
    folder: join(data.path, 'database'),
    socketFolder: join(data.path, 'socket'),
  });
  shutdown.add('database', () => database.stop());
  return database.url;
}

async function startQueue({ settings, data, logger, shutdown }: Start, port: number): Promise<string> {
  const { REDIS_URL, PATH } = settings.environment;
  if (REDIS_URL !== undefined) return REDIS_URL;
  const redis = await startRedis({ folder: data.path, port, searchPath: PATH, logger });
  shutdown.add('redis', redis.stop);
  return `redis://${HOST}:${port}`;
}

async function startOurs(
  start: Start,
  app: 'api' | 'worker',
  environment: Readonly<Record<string, string>>,
): Promise<Child> {
  return startChild({
    name: app,
    command: process.execPath,
    args: ['--enable-source-maps', mainOf(app)],
    environment,
    waitUntilReady: untilItSaysReady,
    stopWithinMs: app === 'api' ? STOP_API_WITHIN_MS : STOP_WORKER_WITHIN_MS,
    isOurs: true,
    logger: start.logger,
  });
}

/** What the api and the workers are both told: what we were told, and what the rack has made for them. */
function sharedEnvironment(
  { settings, data }: Start,
  parts: { databaseUrl: string; redisUrl: string; registry: Readonly<Record<string, string>> },
): Record<string, string> {
  const { OBJECTS_URL, GIT_ALLOWED_NETWORKS, LOG_LEVEL } = settings.environment;
  return {
    ...settings.variables,
    GIT_ALLOWED_NETWORKS,
    LOG_LEVEL,
    DATABASE_URL: parts.databaseUrl,
    REDIS_URL: parts.redisUrl,
    OBJECTS_FOLDER: OBJECTS_URL === undefined ? join(data.path, 'objects') : '',
    ENCRYPTION_KEY: data.encryptionKey,
    ...parts.registry,
  };
}

async function startWorkers(start: Start, shared: Readonly<Record<string, string>>): Promise<void> {
  const workers: Child[] = [];
  // Each may have builds to wait for.
  start.shutdown.add('workers', async () => void (await Promise.all(workers.map(({ stop }) => stop()))));
  for (let number = 1; number <= start.settings.workers; number++) {
    const isFirst = number === 1;
    const worker = await startOurs(start, 'worker', {
      ...shared,
      WORKER_FOLDER: join(start.data.path, isFirst ? 'worker' : `worker-${number}`),
      // A name is of one.
      ...(isFirst ? {} : { WORKER_NAME: '' }),
      DRAIN_GRACE_SECONDS,
    });
    workers.push(worker);
  }
}

/**
 * Starts a whole rack on this machine, part by part, each after what it needs; `shutdown` stops them in reverse. All of
 * its data is in one folder.
 *
 * @throws {Error} when a part does not come up, or another rack has the folder
 */
export async function startRack(
  settings: RackSettings,
  { logger, shutdown }: { logger: Logger; shutdown: Shutdown },
): Promise<Rack> {
  const data = await openDataFolder(resolve(settings.folder));
  const start: Start = { settings, data, logger, shutdown };
  const databaseUrl = await startDatabase(start);
  await migrateStore(databaseUrl);
  const [port = 0, redisPort = 0, registryPort = 0] = await findPorts(settings.port, 3);
  const url = `http://${HOST}:${port}`;
  const redisUrl = await startQueue(start, redisPort);
  const registry = await openRegistry({ ...start, hostname: HOST, port: registryPort, apiUrl: url });
  const shared = sharedEnvironment(start, { databaseUrl, redisUrl, registry: registry.environment });
  const api = await startOurs(start, 'api', {
    RACK_NAME: 'local',
    ...shared,
    HOST,
    PORT: String(port),
    RACK_PASSWORD: data.password,
  });
  shutdown.add('api', api.stop);
  await startWorkers(start, shared);
  return { url, password: data.password, registryHost: registry.host, baseImages: registry.baseImages };
}
