import { BUILD_QUEUE_NAME, type BuildJob, buildJobSchema } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';
import { Worker } from 'bullmq';

import { AttemptStop, type StopReason } from './attempt.js';
import { runAttempt } from './run-attempt.js';
import type { WorkerParts } from './worker-parts.js';

/** The consumer of the queue: the only place that knows BullMQ in a worker. */
export interface BuildWorker {
  /** Stops taking builds, gives running ones the grace time, then hands them back. */
  readonly drain: () => Promise<void>;
}

/** How long a build waited until it was claimed for the first time. Both times are the database's. */
const waitSeconds = ({ createdAt, startedAt }: BuildRecord) =>
  ((startedAt ?? createdAt).getTime() - createdAt.getTime()) / 1000;

/**
 * Takes jobs and runs the builds they name, at most `buildSlots` at once.
 *
 * A job is a doorbell: the claim decides. BullMQ's own retries and stalled checks are turned down, because the row in
 * the database is what says whether a build is to be run again.
 *
 * @param owner the name that claims carry; new for every process, so that a predecessor's claims are not ours
 */
export function startBuildWorker(owner: string, parts: WorkerParts): BuildWorker {
  const { settings, store, logger, announcer, metrics } = parts;
  const running = new Map<string, AbortController>();

  async function takeUp({ buildId, attempt }: BuildJob): Promise<void> {
    const build = await store.attempts.claim({ buildId, attempt, worker: owner }, { leaseMs: settings.leaseMs });
    if (build === undefined) return;
    if (build.attempt === 1) metrics.waitSeconds.observe(waitSeconds(build));
    const controller = new AbortController();
    running.set(buildId, controller);
    metrics.running.set(running.size);
    try {
      await runAttempt(build, controller, parts);
    } finally {
      running.delete(buildId);
      metrics.running.set(running.size);
    }
  }

  const stop = (buildId: string, reason: StopReason) => running.get(buildId)?.abort(new AttemptStop(reason));

  const worker = new Worker(BUILD_QUEUE_NAME, async (job) => takeUp(buildJobSchema.parse(job.data)), {
    connection: { url: settings.redisUrl, maxRetriesPerRequest: null },
    concurrency: settings.buildSlots,
    lockDuration: 120_000,
    stalledInterval: 30_000,
    maxStalledCount: 10,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', (error) => logger.warn({ err: error }, 'Queue is away'));
  worker.on('failed', (job, error) =>
    // Named as in the lines of the attempt itself.
    logger.error({ err: error, ...buildJobSchema.safeParse(job?.data).data }, 'Build could not be recorded'),
  );
  announcer
    .onCancel((buildId) => stop(buildId, 'lost'))
    .catch((error: unknown) => logger.warn({ err: error }, 'Cannot listen for cancelled builds'));

  async function drain(): Promise<void> {
    const closed = worker.close();
    const force = setTimeout(() => {
      for (const buildId of running.keys()) stop(buildId, 'drain');
    }, settings.drainGraceMs);
    await closed;
    clearTimeout(force);
  }
  return { drain };
}
