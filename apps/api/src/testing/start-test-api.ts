import { once } from 'node:events';
import { request } from 'node:http';

import type { TokenIssuer } from '@convox-builds/registry';
import { createLogger, createMetrics, NO_TRACER } from '@convox-builds/runtime';
import {
  createEncryptionKey,
  createStore,
  migrateStore,
  type ObjectStorage,
  openObjectStorage,
  type Store,
} from '@convox-builds/store';
import {
  createTemporaryFolder,
  startPostgres,
  startRedis,
  type TestPostgres,
  type TestRedis,
} from '@convox-builds/testing';
import { createApiMetrics } from '../api-metrics.js';
import type { ApiParts } from '../api-parts.js';
import { createRackRegistry } from '../archives/rack-registry.js';
import { createApi } from '../create-api.js';
import { createApiHealth } from '../create-api-health.js';
import { createLogHub } from '../log-stream/log-hub.js';
import type { Sender } from '../outgoing/start-sender.js';
import { createBuildQueue } from '../queue/build-queue.js';
import { createDispatcher } from '../queue/dispatcher.js';
import { reconcile } from '../reconcile.js';
import { type Settings, settingsSchema } from '../settings.js';
import { startOutgoing } from '../start-outgoing.js';

export const PASSWORD = 'correct horse battery';
export const ENCRYPTION_KEY = createEncryptionKey();
export const JWT_SECRET = 'x'.repeat(32);
export const METRICS_TOKEN = 'm'.repeat(16);
export const MAX_OBJECT_BYTES = 4 * 1024 * 1024;
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What to send; the rack's password unless `authorization` says otherwise. */
interface Call {
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `''` for none. */
  readonly authorization?: string;
}

/** An api with real services, on a port of its own. */
export interface TestApi {
  readonly port: number;
  readonly store: Store;
  readonly objects: ObjectStorage;
  readonly objectsFolder: string;
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
  /** Sends a request whose path goes over the wire as it is. */
  readonly call: (method: string, path: string, call?: Call) => Promise<Answer>;
  /** Asks, for an answer that is not text. */
  readonly fetch: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  readonly parts: ApiParts;
  /** One round of the reconciler. */
  readonly reconcile: () => Promise<void>;
  readonly webhookSender: Sender;
  readonly stop: () => Promise<void>;
}

export const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const AUTHORIZATION = basic('convox', PASSWORD);

function bodyOf({ form, body }: Call): { bytes: Buffer | string; type: string } {
  if (form === undefined) return { bytes: body ?? '', type: 'application/octet-stream' };
  return { bytes: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
}

async function send(port: number, target: { method: string; path: string }, call: Call): Promise<Answer> {
  const { authorization = AUTHORIZATION } = call;
  const { bytes, type } = bodyOf(call);
  const headers = {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(bytes)),
    ...(authorization === '' ? {} : { Authorization: authorization }),
    ...call.headers,
  };
  const sent = request({ host: '127.0.0.1', port, ...target, headers, agent: false });
  sent.end(bytes);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode, headers: response.headers, text };
}

/** How a test's api is otherwise than others. */
interface TestApiOptions {
  readonly redisUrl?: string;
  readonly tokenIssuer?: TokenIssuer;
  /** Host of a registry without TLS, which the api then serves. */
  readonly registryHost?: string;
  /** More environment variables. */
  readonly variables?: Readonly<Record<string, string>>;
}

function readTestSettings(
  { databaseUrl, redisUrl, objectsFolder }: { databaseUrl: string; redisUrl: string; objectsFolder: string },
  { registryHost, variables }: TestApiOptions,
): Settings {
  return settingsSchema.parse({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    ...(variables?.['OBJECTS_URL'] === undefined ? { OBJECTS_FOLDER: objectsFolder } : {}),
    RACK_NAME: 'test',
    RACK_PASSWORD: PASSWORD,
    ENCRYPTION_KEY,
    JWT_SECRET,
    METRICS_TOKEN,
    MAX_OBJECT_BYTES: String(MAX_OBJECT_BYTES),
    MAX_ARCHIVE_BYTES: String(MAX_ARCHIVE_BYTES),
    REGISTRY_HOST: registryHost,
    REGISTRY_PLAIN_HTTP: 'true',
    ...variables,
  });
}

/** Starts an api as `startApi()` does, but for the timer of the reconciler. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const [postgres, redis, folder] = await Promise.all([startPostgres(), startRedis(), createTemporaryFolder()]);
  await migrateStore(postgres.url);
  const objectsFolder = folder.path;
  const urls = { databaseUrl: postgres.url, redisUrl: options.redisUrl ?? redis.url };
  const settings = readTestSettings({ ...urls, objectsFolder }, options);
  const logger = createLogger({ name: 'api', level: 'silent' });
  const objects = await openObjectStorage(settings.objectStorage);
  const store = createStore({ databaseUrl: postgres.url, objects });
  const queue = createBuildQueue(settings.redisUrl, logger);
  const logHub = createLogHub(settings.redisUrl, logger);
  const health = createApiHealth({ store, queue, logger });
  const metrics = createApiMetrics(createMetrics({ logger }), store);
  const dispatcher = createDispatcher({ logger, store, queue, logHub, metrics, limits: settings.queueLimits });
  const registry = createRackRegistry(settings.registry, options.tokenIssuer);
  const {
    promoter,
    webhookSender,
    close: closeOutgoing,
  } = startOutgoing(settings, { store, logger, metrics, registry });
  const own = { settings, logger, store, objects, queue, dispatcher, promoter, webhookSender };
  const parts = { ...own, logHub, health, metrics, tracer: NO_TRACER, tokenIssuer: options.tokenIssuer, registry };
  const { server, close } = createApi(parts);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    store,
    objects,
    objectsFolder,
    postgres,
    redis,
    call: (method, path, call = {}) => send(port, { method, path }, call),
    parts,
    fetch: (path, headers) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...headers, authorization: AUTHORIZATION } }),
    reconcile: () => reconcile(parts, new AbortController().signal),
    webhookSender,
    stop: async () => {
      await close();
      await closeOutgoing();
      await dispatcher.close();
      logHub.close();
      await queue.close();
      await store.close();
      await Promise.all([postgres.stop(), redis.stop(), folder.remove()]);
    },
  };
}
