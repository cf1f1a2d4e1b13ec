import { type BuildJob, buildJobSchema, buildQueueName } from '@convox-builds/domain';
import { createErrorLog } from '@convox-builds/runtime';
import type { BuildRecord } from '@convox-builds/store';
import { Worker } from 'bullmq';

import { AttemptStop, type StopReason } from './attempt.js';
import { runAttempt } from './run-attempt.js';
import type { WorkerParts } from './worker-parts.js';

/** Takes up the builds that this worker was given, and runs them. */
export interface BuildWorker {
  /** Claims a build and runs it, in the background; nothing happens when somebody else has it. */
  readonly takeUp: (job: BuildJob) => void;
  /** How many builds run. */
  readonly countRunning: () => number;
  /** Takes up nothing more, gives running builds the grace time, then hands them back. */
  readonly drain: () => Promise<void>;
}

/** How long a build waited until it was claimed for the first time. Both times are the database's. */
const waitSeconds = ({ createdAt, startedAt }: BuildRecord) =>
  ((startedAt ?? createdAt).getTime() - createdAt.getTime()) / 1000;

/**
 * Starts to listen to this worker's queue: the only place that knows BullMQ in a worker. A job is a doorbell and ends as
 * soon as it was heard; that its build goes on, and whether it is run again, is in the row in the database.
 *
 * @param owner the name that claims carry; new for every process, so that a predecessor's claims are not ours
 */
export function startBuildWorker(owner: string, parts: WorkerParts): BuildWorker {
  const { settings, store, logger, announcer, metrics } = parts;
  const running = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  let isDraining = false;

  async function claim({ buildId, attempt }: BuildJob): Promise<void> {
    if (isDraining || running.has(buildId)) return;
    const claimed = { buildId, attempt, worker: owner };
    const build = await store.attempts.claim(claimed, { leaseMs: settings.leaseMs });
    if (build === undefined) return;
    if (isDraining) return void (await store.attempts.release(claimed));
    if (build.attempt === 1) metrics.waitSeconds.observe(waitSeconds(build));
    const controller = new AbortController();
    const ended = runAttempt(build, controller, parts)
      .catch((error: unknown) => logger.error({ err: error, buildId, attempt }, 'Build could not be recorded'))
      .finally(() => {
        running.delete(buildId);
        metrics.running.set(running.size);
        announcer.announceSlot(settings.name);
      });
    running.set(buildId, { controller, ended });
    metrics.running.set(running.size);
  }

  const takeUp = (job: BuildJob) => {
    // Whoever gave it to us will see that we have not taken it.
    claim(job).catch((error: unknown) => logger.warn({ err: error, ...job }, 'Cannot claim'));
  };
  const stop = (buildId: string, reason: StopReason) => running.get(buildId)?.controller.abort(new AttemptStop(reason));

  const doorbell = new Worker(buildQueueName(settings.name), async (job) => takeUp(buildJobSchema.parse(job.data)), {
    connection: { url: settings.redisUrl, maxRetriesPerRequest: null },
    concurrency: settings.buildSlots,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  doorbell.on('error', createErrorLog(logger, 'Queue is away'));
  announcer
    .onCancel((buildId) => stop(buildId, 'lost'))
    .catch((error: unknown) => logger.warn({ err: error }, 'Cannot listen for cancelled builds'));

  async function drain(): Promise<void> {
    isDraining = true;
    const force = setTimeout(() => {
      for (const buildId of running.keys()) stop(buildId, 'drain');
    }, settings.drainGraceMs);
    await Promise.all([...running.values()].map(({ ended }) => ended));
    clearTimeout(force);
    // By force: it would wait for a Redis that is away.
    await doorbell.close(true);
  }
  return { takeUp, countRunning: () => running.size, drain };
}
