import type { ApiParts } from './api-parts.js';

const EVERY_MS = 2000;
const RING_AT_ONCE = 500;
const COMPACT_AT_ONCE = 20;

type Parts = Pick<ApiParts, 'store' | 'queue' | 'logger' | 'logHub'> & {
  readonly settings: { readonly maxAttempts: number };
};

/** Builds whose worker is gone go back to the queue, or end. Their logs say so. */
async function expireLeases({ store, logger, logHub, settings }: Parts): Promise<void> {
  for (const { buildId, outcome } of await store.attempts.expireLeases({ maxAttempts: settings.maxAttempts })) {
    logger.warn({ buildId, outcome }, 'A worker was lost');
    const line =
      outcome === 'queued'
        ? 'The worker was lost: this build goes back to the queue'
        : 'ERROR: the workers of this build were lost';
    await store.logs.appendNote(buildId, line);
    logHub.wake(buildId);
  }
}

/** Every build that is due is rung, also those whose ring was lost with Redis. */
async function ringDue({ store, queue }: Parts): Promise<void> {
  for (const job of await store.attempts.listDue({ limit: RING_AT_ONCE })) if (!(await queue.ring(job))) return;
}

async function compactLogs({ store }: Parts): Promise<void> {
  for (const buildId of await store.logs.listToCompact({ limit: COMPACT_AT_ONCE })) await store.logs.compact(buildId);
}

/** Makes the world agree with the rows, once. Safe on any number of replicas at the same time. */
export async function reconcile(parts: Parts): Promise<void> {
  await expireLeases(parts);
  await ringDue(parts);
  await compactLogs(parts);
}

/** Reconciles every two seconds until stopped. */
export function startReconciler(parts: Parts): { stop: () => Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const run = () => {
    running = reconcile(parts)
      .catch((error: unknown) => parts.logger.warn({ err: error }, 'Cannot reconcile'))
      .then(() => {
        if (!isStopped) timer = setTimeout(run, EVERY_MS);
      });
  };
  run();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
