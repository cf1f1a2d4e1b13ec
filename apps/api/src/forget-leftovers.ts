import { type Loop, startLoop } from '@convox-builds/runtime';

import type { ApiParts } from './api-parts.js';
import { runSteps } from './run-steps.js';
import { forgetWorkflowLeftovers } from './workflows/run-workflows.js';

const EVERY_MS = 60_000;
const WORKER_FORGOTTEN_AFTER_MS = 3_600_000;
const REQUEST_FORGOTTEN_AFTER_MS = 24 * 3_600_000;
const DELIVERY_FORGOTTEN_AFTER_MS = 7 * 24 * 3_600_000;

type Parts = Pick<ApiParts, 'store' | 'logger' | 'metrics'>;

/** Deletes what nobody needs any more; safe on any number of replicas at the same time. */
async function forgetLeftovers({ store }: Parts): Promise<void> {
  await store.workers.forget({ olderThanMs: WORKER_FORGOTTEN_AFTER_MS });
  await store.builds.forgetRequests({ olderThanMs: REQUEST_FORGOTTEN_AFTER_MS });
  await store.deliveries.forget({ olderThanMs: DELIVERY_FORGOTTEN_AFTER_MS });
  await forgetWorkflowLeftovers({ store });
}

/** Forgets every minute until stopped. */
export function startForgetting(parts: Parts): Loop {
  const failure = 'Cannot forget what is old';
  return startLoop((signal) => runSteps([forgetLeftovers], parts, { failure, signal }), { everyMs: EVERY_MS });
}
