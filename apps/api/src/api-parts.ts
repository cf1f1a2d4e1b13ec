import type { TokenIssuer } from '@convox-builds/registry';
import type { Health, Logger, Tracer } from '@convox-builds/runtime';
import type { ObjectStorage, Store } from '@convox-builds/store';
import type { ApiMetrics } from './api-metrics.js';
import type { RackRegistry } from './archives/rack-registry.js';
import type { LogHub } from './log-stream/log-hub.js';
import type { Sender } from './outgoing/start-sender.js';
import type { Promoter } from './promotions/promoter.js';
import type { BuildQueue } from './queue/build-queue.js';
import type { Dispatcher } from './queue/dispatcher.js';
import type { Settings } from './settings.js';

/** What the api has and its routes use. */
export interface ApiParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: Store;
  readonly objects: ObjectStorage;
  readonly queue: BuildQueue;
  readonly dispatcher: Dispatcher;
  readonly promoter: Promoter;
  readonly webhookSender: Sender;
  readonly logHub: LogHub;
  readonly health: Health;
  readonly metrics: ApiMetrics;
  readonly tracer: Tracer;
  /** Signs tokens for the rack's registry; `undefined` when it has another way to know people. */
  readonly tokenIssuer: TokenIssuer | undefined;
  /** Where the images of builds are; `undefined` when the api was not told. */
  readonly registry: RackRegistry | undefined;
}
