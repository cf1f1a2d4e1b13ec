import { getInfo } from '@convox-builds/buildkit-client';
import { createHealth, type Health, type Logger } from '@convox-builds/runtime';
import type { Store } from '@convox-builds/store';

import type { BuildkitdSupervisor } from './buildkitd/supervise-buildkitd.js';

/** Who asks does not wait for longer. */
const ANSWER_WITHIN_MS = 2000;

/** What a worker's health depends on. */
interface HealthParts {
  readonly store: Pick<Store, 'checkHealth'>;
  readonly buildkitd: Pick<BuildkitdSupervisor, 'client'>;
  readonly logger: Logger;
  /** Aborted when the worker begins to drain. */
  readonly signal: AbortSignal;
}

/** Makes a worker's health: it has its daemon, and reaches the database. */
export function createWorkerHealth({ store, buildkitd, logger, signal }: HealthParts): Health {
  return createHealth({
    logger,
    signal,
    checks: [
      {
        name: 'buildkitd',
        check: async () => void (await getInfo(await buildkitd.client(AbortSignal.timeout(ANSWER_WITHIN_MS)))),
      },
      { name: 'database', check: store.checkHealth },
    ],
  });
}
