import { createHealth, type Health, type Logger } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

import type { BuildQueue } from './queue/build-queue.js';

/** What the api's health depends on. */
interface HealthParts {
  readonly store: Pick<Store, 'checkHealth'>;
  readonly queue: Pick<BuildQueue, 'checkHealth'>;
  readonly logger: Logger;
}

/** Makes the api's health: it needs its database. Without Redis it still takes builds, which are rung for later. */
export function createApiHealth({ store, queue, logger }: HealthParts): Health {
  const redisProblem = 'does not answer: builds are accepted and wait for it';
  return createHealth({
    logger,
    checks: [
      { name: 'database', check: store.checkHealth },
      { name: 'redis', check: queue.checkHealth, problem: redisProblem, isRequired: false },
    ],
  });
}
