import { once } from 'node:events';

import { loadTokenIssuer } from '@convox-builds/registry';
import {
  createLogger,
  createMetrics,
  createShutdown,
  createTracer,
  exitWithParent,
  maskCredentials,
  notifyParent,
  readEnvironment,
} from '@convox-builds/runtime';
import { createStore, openObjectStorage } from '@convox-builds/store';
import { createApiMetrics } from './api-metrics.js';
import type { ApiParts } from './api-parts.js';
import { createRackRegistry } from './archives/rack-registry.js';
import { createApi } from './create-api.js';
import { createApiHealth } from './create-api-health.js';
import { startForgetting } from './forget-leftovers.js';
import { createLogHub } from './log-stream/log-hub.js';
import { startPolling } from './polling/start-polling.js';
import { createBuildQueue } from './queue/build-queue.js';
import { createDispatcher } from './queue/dispatcher.js';
import { startReconciler } from './reconcile.js';
import { startRetention } from './retention/start-retention.js';
import { settingsSchema } from './settings.js';
import { startOutgoing } from './start-outgoing.js';
import { startWorkflows } from './workflows/run-workflows.js';

const STOP_WITHIN_MS = 8000;

/** How an api is started otherwise than in production. */
export interface StartApiOptions {
  /** Changes the parts before they are used: tests put faults into them. */
  readonly adaptParts?: (parts: ApiParts) => ApiParts;
}

/** Starts an api replica from its environment. */
export async function startApi({ adaptParts = (parts) => parts }: StartApiOptions = {}): Promise<void> {
  const settings = readEnvironment(settingsSchema);
  const logger = createLogger({ name: 'api', level: settings.logLevel });
  const shutdown = createShutdown({ logger, forceAfterMs: STOP_WITHIN_MS });
  exitWithParent(shutdown);
  const tracer = await createTracer({ serviceName: 'convox-builds-api', logger });
  shutdown.add('traces', () => tracer.close());

  const objects = await openObjectStorage(settings.objectStorage);
  const onWarning = (message: string) => logger.debug({ detail: maskCredentials(message) }, 'Database warns');
  const store = createStore({ databaseUrl: settings.databaseUrl, objects, onWarning });
  shutdown.add('store', () => store.close());
  const queue = createBuildQueue(settings.redisUrl, logger);
  shutdown.add('queue', () => queue.close());
  const logHub = createLogHub(settings.redisUrl, logger);
  shutdown.add('log hub', () => logHub.close());
  const tokenIssuer = await loadTokenIssuer(settings.registry);
  const registry = createRackRegistry(settings.registry, tokenIssuer);
  const health = createApiHealth({ store, queue, logger });
  const metrics = createApiMetrics(createMetrics({ logger }), store);
  const limits = settings.queueLimits;
  const dispatcher = createDispatcher({ logger, store, queue, logHub, metrics, limits });
  shutdown.add('dispatcher', () => dispatcher.close());
  const outgoing = startOutgoing(settings, { store, logger, metrics, registry });
  const { promoter, webhookSender } = outgoing;
  const parts = adaptParts({
    settings,
    logger,
    store,
    objects,
    queue,
    dispatcher,
    promoter,
    webhookSender,
    logHub,
    health,
    metrics,
    tracer,
    tokenIssuer,
    registry,
  });
  const { server, close } = createApi(parts);
  shutdown.addTogether({
    outgoing: outgoing.close,
    reconciler: startReconciler(parts).stop,
    forgetting: startForgetting(parts).stop,
    workflows: startWorkflows(parts).stop,
    polling: startPolling(parts).close,
    retention: startRetention(parts).stop,
    server: close,
  });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  logger.info({ host: settings.host, port }, 'Api ready');
  notifyParent({ type: 'ready', port });
}
